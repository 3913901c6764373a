import type { SmarakClient } from '../client/client.ts'
import type { Ask, ClauseAsk, HeldPost, IssueDraft } from '../client/views.ts'
import { Refusal } from '../core/refusal.ts'
import { ASKS } from '../features/directives/entries.ts'
import {
  blocksOf,
  draftOf,
  emptyComposition,
  type Line,
  linesOf,
  otherSigner,
  postOfSignature,
} from '../features/directives/web/composing.ts'
import { toLatin } from '../language/digits.ts'
import { dhakaTime } from '../language/time.ts'
import { say } from '../language/words.ts'
import type { Reading } from '../letters/letter.ts'
import { readLetter } from '../letters/read.ts'
import { sayRemark } from '../letters/resolve.ts'
import { type Args, type Io, type Option, Usage } from './command.ts'
import { dueIn } from './day.ts'
import { deskOptions, postOption } from './desk.ts'
import { sayWarning } from './letter-json.ts'
import { MOST_LETTER } from './letter-read.ts'
import { readText } from './read-text.ts'
import { postIn } from './which.ts'

export const letterOptions: Record<string, Option> = {
  ...deskOptions,
  letter: { value: 'FILE', says: 'cli.options.letter' },
  due: { value: 'YYYY-MM-DD', says: 'cli.options.due' },
  clause: { value: 'LABEL[:ASK]', says: 'cli.options.asks', many: true },
  paper: { value: 'N', says: 'cli.options.paper', many: true },
  grade: { value: '0-4', says: 'cli.options.grade' },
  urgency: { value: '0-3', says: 'cli.options.urgency' },
  ...postOption,
}

/** A field of a directive has room for no more. */
const MOST_CLAUSES = 100

/** What was typed of a letter to issue, checked before anything is opened or sent. */
export type Asked = { due: number | null; asks: ReadonlyMap<string, Ask>; grade: number; urgency: number }

/** Throws `Usage`. */
export function askedIn(args: Args): Asked {
  const due = dueIn(args)
  const asks = new Map(args.all('clause').map(readAsk))
  return {
    due,
    asks,
    grade: upTo(4, 'grade', args),
    urgency: upTo(3, 'urgency', args),
  }
}

/** `গ` or `গ:standing`; nothing before the colon is the whole letter. */
function readAsk(typed: string): [string, Ask] {
  const colon = typed.lastIndexOf(':')
  const label = (colon < 0 ? typed : typed.slice(0, colon)).normalize('NFC').trim()
  const word = colon < 0 ? 'once' : typed.slice(colon + 1)
  const ask = ASKS.find((one) => one === word)
  if (!ask) throw new Usage('bad_value', { option: '--clause', value: typed })
  return [label, ask]
}

function upTo(most: number, name: string, args: Args): number {
  const value = args.text(name) ?? '0'
  if (!/^\d$/.test(value) || Number(value) > most) throw new Usage('bad_value', { option: `--${name}`, value })
  return Number(value)
}

/**
 * The letter of `--letter`, resolved against the posts of this service. Throws `Refusal`: `unresolved_line` naming each,
 * `no_such_line`, `no_such_clause`, `empty_letter`, `no_subject`, `no_addressee`, `may_not_issue`, `post_not_held`.
 */
export async function composeLetter(
  args: Args,
  { due, asks, grade, urgency }: Asked,
  io: Io,
  client: SmarakClient,
): Promise<IssueDraft> {
  const letter = readLetter(await readText(args.needed('letter'), io, MOST_LETTER))
  const post = issuerFor(letter, args, client)
  const names = await client.names('as they are now')
  const composition = { ...emptyComposition(post.id), grade, urgency }
  for (const key of keysOnPaper(args.all('paper'), linesOf(letter, composition, names))) {
    composition.lines[key] = { paper: true }
  }
  const lines = linesOf(letter, composition, names)
  refuseBlocked(letter, lines, io)
  const draft = draftOf(letter, lines, composition, due, dhakaTime(io.now()).date)
  const signer = otherSigner(letter.signatory, client.me.person.name)
  if (signer) io.err(say(io.lang, 'issue.otherSigner', { signer, name: client.me.person.name[io.lang] }))
  if (!io.json) for (const remark of remarksOn(letter, lines, io)) io.err(remark)
  return { ...draft, clauses: clausesOf(letter, asks) }
}

/** Where somebody may issue for several posts and names none, the letter's own signature says which. */
function issuerFor({ signatory }: Reading, args: Args, client: SmarakClient): HeldPost {
  const named = postIn(args, client)
  const may = (named ? [named] : client.me.posts).filter(({ mayIssue }) => mayIssue)
  const post = postOfSignature(signatory, may)
  if (post) return post
  throw new Refusal('may_not_issue', 'No post that may issue')
}

type Numbered = Pick<Line, 'key' | 'label' | 'n' | 'unresolved'>

/**
 * The keys of the lines that `--paper` numbers. Copies are numbered from one again: of lines that share a number the one is meant
 * that is not understood, and a number given twice means both.
 */
export function keysOnPaper(numbers: readonly string[], lines: readonly Numbered[]): string[] {
  const keys: string[] = []
  for (const typed of numbers) {
    const named = lines.filter(({ label, n }) => toLatin(label || String(n)) === toLatin(typed))
    const left = named.filter(({ key }) => !keys.includes(key))
    const line = left.find(({ unresolved }) => unresolved !== undefined) ?? left[0]
    if (!line) throw new Refusal('no_such_line', `No line ${typed}`, { line: typed })
    keys.push(line.key)
  }
  return keys
}

function refuseBlocked(letter: Reading, lines: readonly Line[], { lang }: Io): void {
  const [block] = blocksOf(letter, lines)
  if (block === 'text') throw new Refusal('empty_letter', 'No text of a letter')
  if (block === 'subject') throw new Refusal('no_subject', 'No subject')
  if (block === 'nobody') throw new Refusal('no_addressee', 'Addressed to nobody')
  if (block !== 'unresolved') return
  const open = lines.filter(({ unresolved }) => unresolved !== undefined)
  const faults = open.map(({ label, text, unresolved }) => `${label}) ${text} → ${sayRemark(lang, unresolved!)}`)
  throw new Refusal('unresolved_line', 'Lines that mean nobody known', { faults, n: open.length })
}

/**
 * The whole letter, to be acknowledged unless something else is asked, and every clause with what is asked for it. A clause of
 * which nothing is asked is named too, so that it can be answered all the same.
 */
function clausesOf({ clauses }: Reading, asks: ReadonlyMap<string, Ask>): ClauseAsk[] {
  const labels = clauses.map(({ label }) => label)
  for (const label of asks.keys()) {
    if (label === '' || labels.includes(label)) continue
    throw new Refusal('no_such_clause', `No clause ${label}`, { clause: label, clauses: labels.join(', ') })
  }
  const all = ['', ...labels].map((label): ClauseAsk => {
    return { label, ask: asks.get(label) ?? (label === '' ? 'acknowledge' : 'nothing') }
  })
  return all.length <= MOST_CLAUSES ? all : all.filter(({ label, ask }) => label === '' || ask !== 'nothing')
}

/** What the reader was not sure of, for the person to look at: it hinders nothing. */
function remarksOn({ warnings }: Reading, lines: readonly Line[], { lang }: Io): string[] {
  const unsure = lines.flatMap((line) => line.unsure.map((remark) => `${line.label}) ${sayRemark(lang, remark)}`))
  const remarks = [...warnings.map((warning) => sayWarning(lang, warning)), ...unsure]
  return remarks.length === 0 ? [] : [say(lang, 'cli.letter.warnings'), ...remarks.map((remark) => `  ${remark}`)]
}
