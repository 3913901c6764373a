import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import { type Cbor, type CborMap, decode, encode } from '../../core/cbor.ts'
import { Fields } from '../../core/fields.ts'
import { type Header, ID_LENGTH } from '../../core/item.ts'
import { readWrap, type Wrap, writeWrap } from '../../core/wrap.ts'
import type { Id } from '../directory/index.ts'

/**
 * The six kinds as typed values, and the integer-keyed fields they travel as (docs/contract.md, "Fields of each kind").
 * For each kind `read…` and `…Fields` are each other's inverse. The numbers are one-way: lists here only grow at the end.
 */
export const PURPOSES = ['action', 'information', 'publish'] as const
export type Purpose = (typeof PURPOSES)[number]
export const ASKS = ['nothing', 'acknowledge', 'once', 'standing'] as const
export type Ask = (typeof ASKS)[number]
export const ANSWER_STATES = ['done', 'progress', 'impossible', 'notours', 'kept', 'problem'] as const
export type AnswerState = (typeof ANSWER_STATES)[number]
export const RECEIPT_STATES = ['opened', 'acknowledged'] as const
export type ReceiptState = (typeof RECEIPT_STATES)[number]

/** A letter; a short directive; advice, which asks nothing but to be read; a demi-official letter, which goes to named persons. */
export const FORMS = ['letter', 'short', 'advice', 'do'] as const
export type Form = (typeof FORMS)[number]

/** Every post of a role, every post of a role in one office, one post, or (a demi-official letter) one person. */
export type Selector =
  | { by: 'role'; role: string }
  | { by: 'office'; role: string; office: Id }
  | { by: 'post'; post: Id }
  | { by: 'person'; person: Id }

/** One line of the distribution: its printed number, and whom it means. A line without selectors is for nobody here. */
export type Line = { n: number; purpose: Purpose; selectors: Selector[] }

/** What is asked for a clause; label '' is the whole letter. */
export type Clause = { label: string; ask: Ask }

/** What `read` found beside the fields: how many sections there are, and the wraps where all are present. */
export type Carried = { sections: number; wraps: Wrap[] | undefined }

export type DirectiveEntry = Carried & {
  issuer: Id
  lines: Line[]
  /** Log size at which the lines were evaluated. */
  resolvedAt: number
  count: number
  audienceHash: Bytes
  /** Always begins with the whole letter, label ''. */
  clauses: Clause[]
  due: number | null
  grade: number
  urgency: number
  form: Form
  /** The directive it passes on to subordinates. */
  parent: Id | null
  /** The approved draft it was issued from. */
  draft: Id | null
}
export type CancelEntry = Carried & { directive: Id; issuer: Id }
export type SupersedeEntry = Carried & { directive: Id; issuer: Id; successor: Id }
export type ReceiptEntry = Carried & { directive: Id; post: Id; state: ReceiptState }
/** Without clauses it is a remark in the thread and changes no state. */
export type AnswerEntry = Carried & {
  directive: Id
  post: Id
  clauses: string[]
  state: AnswerState
  until: number | null
  /** Of each file the hashes of its chunks, in order (`core/file.ts`). */
  files: Bytes[][]
}
/** An item key wrapped again: which item, to which ring at which generation. */
export type Rewrap = { item: Id; wrap: Wrap }
export type WrapAddEntry = Carried & {
  directive: Id
  post: Id
  targets: { item: Id; ring: Id; generation: number }[]
  /** The wraps themselves, in the order of `targets`; absent where the section was not fetched. */
  rewraps: Rewrap[] | undefined
}

export type Readable = { header: Header; body: Bytes[]; wraps?: Wrap[] }

const MOST_LINES = 500
const MOST_SELECTORS = 2000
const MOST_CLAUSES = 100
const MOST_REWRAPS = 60
const MOST_FILES = 20
/** 16 MB of files in one answer. */
const MOST_CHUNKS = 500
const LONGEST_LABEL = 40
/** No sign anybody sees, and U+0000 no database keeps. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const CONTROL = /[\u0000-\u001f\u007f]/

export function readDirective(item: Readable): DirectiveEntry {
  const fields = new Fields('directive', item.header.fields)
  const entry = {
    ...carried(item),
    issuer: fields.id(1),
    lines: fields.list(2, MOST_LINES, (value) => readLine(value, fields)),
    resolvedAt: fields.count(3),
    count: fields.count(4),
    audienceHash: fields.bytes(5, 32),
    clauses: withWhole(fields.list(6, MOST_CLAUSES, (value) => readClause(value, fields))),
    due: fields.countOrNull(7),
    grade: fields.count(8, 4),
    urgency: fields.count(9, 3),
    form: FORMS[fields.count(10, FORMS.length - 1)]!,
    parent: fields.idOrNull(11),
    draft: fields.idOrNull(12),
  }
  fields.end()
  requireForm(entry, fields)
  if (new Set(entry.clauses.map(({ label }) => label)).size < entry.clauses.length) throw fields.bad(6, 'labels once')
  return entry
}

/** What an author says of a directive; without more it is a letter of its own, issued without a draft. */
export type DirectiveOpen = Omit<DirectiveEntry, keyof Carried | 'form' | 'parent' | 'draft'> &
  Partial<Pick<DirectiveEntry, 'form' | 'parent' | 'draft'>>

export function directiveFields(entry: DirectiveOpen): CborMap {
  return new Map<number, Cbor>([
    [1, raw(entry.issuer)],
    [2, entry.lines.map(writeLine)],
    [3, entry.resolvedAt],
    [4, entry.count],
    [5, entry.audienceHash],
    [6, entry.clauses.map(({ label, ask }) => [label, ASKS.indexOf(ask)])],
    [7, entry.due],
    [8, entry.grade],
    [9, entry.urgency],
    [10, FORMS.indexOf(entry.form ?? 'letter')],
    [11, entry.parent ? raw(entry.parent) : null],
    [12, entry.draft ? raw(entry.draft) : null],
  ])
}

export function readCancel(item: Readable): CancelEntry {
  const fields = new Fields('cancel', item.header.fields)
  const entry = { ...carried(item), directive: fields.id(1), issuer: fields.id(2) }
  fields.end()
  return entry
}

export function cancelFields({ directive, issuer }: Pick<CancelEntry, 'directive' | 'issuer'>): CborMap {
  return new Map<number, Cbor>([
    [1, raw(directive)],
    [2, raw(issuer)],
  ])
}

export function readSupersede(item: Readable): SupersedeEntry {
  const fields = new Fields('supersede', item.header.fields)
  const entry = { ...carried(item), directive: fields.id(1), issuer: fields.id(2), successor: fields.id(3) }
  fields.end()
  return entry
}

export function supersedeFields(entry: Pick<SupersedeEntry, 'directive' | 'issuer' | 'successor'>): CborMap {
  return cancelFields(entry).set(3, raw(entry.successor))
}

export function readReceipt(item: Readable): ReceiptEntry {
  const fields = new Fields('receipt', item.header.fields)
  const entry = {
    ...carried(item),
    directive: fields.id(1),
    post: fields.id(2),
    state: RECEIPT_STATES[fields.count(3, RECEIPT_STATES.length - 1)]!,
  }
  fields.end()
  return entry
}

export function receiptFields({ directive, post, state }: Omit<ReceiptEntry, keyof Carried>): CborMap {
  return new Map<number, Cbor>([
    [1, raw(directive)],
    [2, raw(post)],
    [3, RECEIPT_STATES.indexOf(state)],
  ])
}

export function readAnswer(item: Readable): AnswerEntry {
  const fields = new Fields('answer', item.header.fields)
  const entry = {
    ...carried(item),
    directive: fields.id(1),
    post: fields.id(2),
    clauses: fields.list(3, MOST_CLAUSES, (value) => readLabel(value, fields, 3)),
    state: ANSWER_STATES[fields.count(4, ANSWER_STATES.length - 1)]!,
    until: fields.countOrNull(5),
    files: fields.list(6, MOST_FILES, (value) => readHashes(value, fields)),
  }
  fields.end()
  if (new Set(entry.clauses).size < entry.clauses.length) throw fields.bad(3, 'labels once')
  if (entry.files.flat().length > MOST_CHUNKS) throw fields.bad(6, 'fewer chunks')
  return entry
}

export function answerFields(
  entry: Omit<AnswerEntry, keyof Carried | 'files'> & { files?: AnswerEntry['files'] },
): CborMap {
  return new Map<number, Cbor>([
    [1, raw(entry.directive)],
    [2, raw(entry.post)],
    [3, entry.clauses],
    [4, ANSWER_STATES.indexOf(entry.state)],
    [5, entry.until],
    [6, entry.files ?? []],
  ])
}

export function readWrapAdd(item: Readable): WrapAddEntry {
  const fields = new Fields('wrap-add', item.header.fields)
  const directive = fields.id(1)
  const post = fields.id(2)
  const targets = fields.list(3, MOST_REWRAPS, (value) => {
    const [id, ring, generation] = Array.isArray(value) ? value : []
    if (!isId(id) || !(ring instanceof Uint8Array) || !isCount(generation)) throw fields.bad(3, 'items and rings')
    return { item: toBase64url(id), ring: toBase64url(ring), generation }
  })
  fields.end()
  if (targets.length === 0) throw fields.bad(3, 'at least one')
  const section = item.body[0]
  const rewraps = section && readRewraps(section, fields)
  const agree = rewraps?.every(({ item, wrap }, i) => {
    const target = targets[i]
    return target?.item === item && target.ring === toBase64url(wrap.ring) && target.generation === wrap.generation
  })
  if (rewraps && !(agree && rewraps.length === targets.length)) throw fields.bad(0, 'the wraps that field 3 names')
  return { ...carried(item), directive, post, targets, rewraps }
}

/** The open fields and the one section of a `wrap-add`. */
export function wrapAddFields(directive: Id, post: Id, rewraps: Rewrap[]): { fields: CborMap; body: Bytes[] } {
  const targets = rewraps.map(({ item, wrap }): Cbor => [raw(item), wrap.ring, wrap.generation])
  const fields = new Map<number, Cbor>([
    [1, raw(directive)],
    [2, raw(post)],
    [3, targets],
  ])
  return { fields, body: [encode(rewraps.map(({ item, wrap }): Cbor => [raw(item), ...(writeWrap(wrap) as Cbor[])]))] }
}

function readRewraps(section: Bytes, fields: Fields): Rewrap[] {
  const list = decode(section)
  if (!Array.isArray(list)) throw fields.bad(0, 'a list of wraps')
  return list.map((value) => {
    const [id, ...wrap] = Array.isArray(value) ? value : []
    if (!isId(id)) throw fields.bad(0, 'an item')
    return { item: toBase64url(id), wrap: readWrap(wrap) }
  })
}

/** Throws `Refusal('bad_input')` for anything that is not a line; also the form a client's draft is read in. */
function readLine(value: Cbor, fields: Fields): Line {
  const [n, purpose, selectors] = Array.isArray(value) ? value : []
  const meant = chosen(PURPOSES, purpose)
  if (!isCount(n) || !meant || !Array.isArray(selectors) || selectors.length > MOST_SELECTORS)
    throw fields.bad(2, 'a line')
  return { n, purpose: meant, selectors: selectors.map((selector) => readSelector(selector, fields)) }
}

function writeLine({ n, purpose, selectors }: Line): Cbor {
  return [n, PURPOSES.indexOf(purpose), selectors.map(writeSelector)]
}

function readSelector(value: Cbor, fields: Fields): Selector {
  const [type, first, second, ...more] = Array.isArray(value) ? value : []
  if (more.length === 0) {
    if (type === 0 && isText(first) && second === undefined) return { by: 'role', role: first }
    if (type === 1 && isText(first) && isId(second)) return { by: 'office', role: first, office: toBase64url(second) }
    if (type === 2 && isId(first) && second === undefined) return { by: 'post', post: toBase64url(first) }
    if (type === 3 && isId(first) && second === undefined) return { by: 'person', person: toBase64url(first) }
  }
  throw fields.bad(2, 'a selector')
}

/** A selector as it stands in the header: `[0, role]`, `[1, role, office]`, `[2, post]` or `[3, person]`. */
export function writeSelector(selector: Selector): Cbor {
  if (selector.by === 'role') return [0, selector.role]
  if (selector.by === 'office') return [1, selector.role, raw(selector.office)]
  if (selector.by === 'person') return [3, raw(selector.person)]
  return [2, raw(selector.post)]
}

/** A demi-official letter goes to persons and nothing else does; advice asks nothing. */
function requireForm({ form, lines, clauses, due }: DirectiveEntry, fields: Fields): void {
  const persons = lines.flatMap(({ selectors }) => selectors.map(({ by }) => by === 'person'))
  if (persons.some((isPerson) => isPerson !== (form === 'do'))) throw fields.bad(2, 'persons in a demi-official letter')
  const asks = form === 'advice' && (due !== null || clauses.some(({ ask }) => ask !== 'nothing'))
  if (asks) throw fields.bad(6, 'nothing asked by advice')
}

function readHashes(value: Cbor, fields: Fields): Bytes[] {
  const hashes = Array.isArray(value) ? value : []
  const isHash = (hash: Cbor): hash is Bytes => hash instanceof Uint8Array && hash.length === 32
  if (hashes.length === 0 || !hashes.every(isHash)) throw fields.bad(6, 'chunks of a file')
  return hashes as Bytes[]
}

function readClause(value: Cbor, fields: Fields): Clause {
  const [label, ask] = Array.isArray(value) ? value : []
  const meant = chosen(ASKS, ask)
  if (!meant || label === undefined) throw fields.bad(6, 'a clause')
  return { label: readLabel(label, fields, 6), ask: meant }
}

function readLabel(value: Cbor, fields: Fields, key: number): string {
  if (typeof value !== 'string' || value.length > LONGEST_LABEL || CONTROL.test(value)) throw fields.bad(key, 'a label')
  return value
}

/** A number first: as a property name `"length"` would be found in any list. */
function chosen<T>(list: readonly T[], value: Cbor | undefined): T | undefined {
  return typeof value === 'number' ? list[value] : undefined
}

/** The whole letter first; asked nothing where the author did not name it. */
function withWhole(clauses: Clause[]): Clause[] {
  const whole = clauses.find(({ label }) => label === '') ?? { label: '', ask: 'nothing' as const }
  return [whole, ...clauses.filter((clause) => clause !== whole)]
}

export function carried({ body, wraps }: Readable): Carried {
  return { sections: body.length, wraps }
}

export function isId(value: Cbor | undefined): value is Bytes {
  return value instanceof Uint8Array && value.length === ID_LENGTH
}

function isText(value: Cbor | undefined): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 200
}

function isCount(value: Cbor | undefined): value is number {
  return typeof value === 'number' && value >= 0
}

export function raw(id: Id): Bytes {
  return fromBase64url(id)
}
