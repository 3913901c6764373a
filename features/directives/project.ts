import { type Bytes, concat, fromBase64url, toBase64url } from '../../core/bytes.ts'
import { encode } from '../../core/cbor.ts'
import type { Tx } from '../../server/db.ts'
import type { Effects, Placed } from '../../server/feature.ts'
import type { Directory, Id } from '../directory/index.ts'
import type { DirectiveBook } from './book.ts'
import type { AmendEntry, ExtendEntry, RemindEntry } from './changes.ts'
import {
  type AnswerEntry,
  ASKS,
  type CancelEntry,
  type DirectiveEntry,
  FORMS,
  PURPOSES,
  type ReceiptEntry,
  type SupersedeEntry,
  type WrapAddEntry,
  writeSelector,
} from './entries.ts'
import { AT_ONCE, type Job, writeTracking } from './expand.ts'
import type { Frozen } from './frozen.ts'
import { tell } from './item-notices.ts'
import type { FileStore } from './load.ts'
import { answersOf, ensureRows, markAnswers, markReceipts, receiptsOf } from './progress.ts'
import { projectDrafts, projectDuty } from './project-duty.ts'
import { readDirectives, readFrozen, type Stored, writeFrozen } from './store.ts'

/** What projections look at besides the items: both as they stand after the batch. */
export type Projecting = {
  directory: Directory
  directives: DirectiveBook
  atOnce?: number
  /** Told what is left to the worker, if the transaction is kept: to show the entry `item` at its index. */
  later: (item: Id, job: Job) => void
  /** Told, once the transaction is kept, whose tracking it changed. */
  changed: (directive: number) => void
  files?: FileStore
}

/** Writes what a batch's items of this feature mean for its tables, in their transaction, and says who is to see them. */
export async function project(tx: Tx, placed: Placed[], effects: Effects, needs: Projecting): Promise<void> {
  const { directives, directory } = needs
  const directivesPlaced = ofKind<DirectiveEntry>(placed, 'directive')
  const notices = placed.filter(({ kind }) => NOTICES.has(kind.name)) as Notice[]
  const receipts = ofKind<ReceiptEntry>(placed, 'receipt')
  const answers = ofKind<AnswerEntry>(placed, 'answer')
  const wrapAdds = ofKind<WrapAddEntry>(placed, 'wrap-add')

  for (const one of directivesPlaced) await placeDirective(tx, one, effects, needs)

  const named = [...notices, ...receipts, ...answers].map(({ entry }) => entry.directive)
  const known = new Map<Id, Tracking>()
  for (const stored of named.length > 0 ? await readDirectives(tx, [...new Set(named)]) : []) {
    known.set(stored.id, { ...stored, frozen: directives.frozen(stored.id)! })
  }
  for (const notice of notices) await placeNotice(tx, notice, known.get(notice.entry.directive)!, effects, needs)
  const receiptMarks = receiptsOf(receipts, known)
  const answerMarks = answersOf(answers, known, directory)
  const files = answers.flatMap(({ entry }) => entry.files.flat())
  if (files.length > 0) await needs.files?.keep(tx, files)
  await ensureRows(tx, [...receiptMarks, ...answerMarks])
  await markReceipts(tx, receiptMarks)
  await markAnswers(tx, answerMarks)

  for (const { entry, place } of [...receipts, ...answers]) effects.show(place.index, [fromBase64url(entry.post)])
  for (const { entry, place } of wrapAdds) {
    const owners = entry.targets.map(({ ring }) => ownerOf(ring, directory))
    effects.show(place.index, new Set([entry.post, ...owners].map(fromBase64url)))
  }
  await projectDrafts(tx, placed, effects)
  await projectDuty(tx, placed, effects)
  effects.wakeBoard([...new Set(named)].map(fromBase64url))
  tx.afterCommit(() => {
    for (const { number } of known.values()) needs.changed(number)
  })
}

/** What the issuing post does to a directive, seen by whoever sees the directive itself. */
const NOTICES = new Set(['cancel', 'supersede', 'amend', 'extend', 'remind'])
type Notice = Placed<CancelEntry | SupersedeEntry | AmendEntry | ExtendEntry | RemindEntry>
export type Tracking = Stored & { frozen: Frozen }

function ofKind<E>(placed: Placed[], name: string): Placed<E>[] {
  return placed.filter(({ kind }) => kind.name === name)
}

async function placeDirective(
  tx: Tx,
  { header, entry, place, item }: Placed<DirectiveEntry>,
  effects: Effects,
  { directives, directory, later, atOnce = AT_ONCE }: Projecting,
): Promise<void> {
  const frozen = directives.frozen(toBase64url(header.id))!
  const isSmall = frozen.count <= atOnce
  const { number } = (await tx.one<{ number: number }>(
    `INSERT INTO directive
       (id, index, issuer, issued, resolved, addressees, hash, due, first_due, grade, urgency, labels, asks, expanded,
        form, parent, draft)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING number`,
    [
      header.id,
      place.index,
      fromBase64url(entry.issuer),
      place.time,
      entry.resolvedAt,
      frozen.count,
      entry.audienceHash,
      entry.due,
      entry.grade,
      entry.urgency,
      entry.clauses.map(({ label }) => label),
      entry.clauses.map(({ ask }) => ASKS.indexOf(ask)),
      isSmall,
      FORMS.indexOf(entry.form),
      entry.parent && fromBase64url(entry.parent),
      entry.draft && fromBase64url(entry.draft),
    ],
  ))!
  if (entry.draft) {
    await tx.query('UPDATE draft SET directive = $2 WHERE id = $1', [fromBase64url(entry.draft), header.id])
  }
  if (!isSmall) later(toBase64url(header.id), { index: place.index, directive: number, frozen })
  const { lines, issuer, clauses } = entry
  await Promise.all([
    writeFrozen(tx, number, frozen),
    tx.query(
      `INSERT INTO directive_line (directive, position, n, purpose, selectors)
       SELECT $1, o - 1, n, purpose, selectors
       FROM unnest($2::int[], $3::smallint[], $4::bytea[]) WITH ORDINALITY l (n, purpose, selectors, o)`,
      [
        number,
        lines.map(({ n }) => n),
        lines.map(({ purpose }) => PURPOSES.indexOf(purpose)),
        lines.map(({ selectors }) => encode(selectors.map(writeSelector))),
      ],
    ),
    isSmall
      ? writeTracking(tx, { number, issuer, clauses, frozen }, 0, frozen.count)
      : expandLater(tx, { index: place.index, directive: number, frozen }, true),
  ])
  const rings = item.wraps.map(({ ring }) => toBase64url(ring))
  showAll(place.index, frozen, readersBeside(frozen, issuer, rings, directory), isSmall, effects)
  const { grade, urgency } = entry
  const told = { kind: 'directive', index: place.index, time: place.time, directive: header.id, issuer, grade, urgency }
  if (isSmall) await tell(tx, told, frozen.ids, directory)
}

/** A change is seen by whoever sees the directive; a reminder by those who are reminded. */
async function placeNotice(
  tx: Tx,
  notice: Notice,
  { number, id, index, issuer, grade, urgency, frozen }: Tracking,
  effects: Effects,
  { directory, later, atOnce = AT_ONCE }: Projecting,
): Promise<void> {
  const { entry, header, place, kind } = notice
  if (kind.name === 'cancel' || kind.name === 'supersede') await end(tx, number, notice)
  else await change(tx, number, notice)
  const told = {
    kind: kind.name,
    index: place.index,
    time: place.time,
    directive: fromBase64url(id),
    issuer,
    grade,
    urgency,
  }
  if ('posts' in entry) {
    effects.show(place.index, new Set([issuer, ...entry.posts]).values().map(fromBase64url))
    await tell(tx, told, concat(...entry.posts.map(fromBase64url)), directory)
    return
  }
  const isSmall = frozen.count <= atOnce
  if (!isSmall) {
    const job = { index: place.index, directive: number, frozen }
    later(toBase64url(header.id), job)
    await expandLater(tx, job, false)
  }
  if (isSmall) await tell(tx, told, frozen.ids, directory)
  const wraps = await tx.many<{ ring: Bytes }>('SELECT ring FROM wrap WHERE index = $1', [index])
  const rings = wraps.map(({ ring }) => toBase64url(ring))
  showAll(place.index, frozen, readersBeside(frozen, issuer, rings, directory), isSmall, effects)
  // Whoever has it within another can open what is said of it: the enclosure holds its key.
  for (const below of await passedOnBy(tx, id)) {
    const audience = await readFrozen(tx, below.number)
    effects.show(
      place.index,
      Array.from({ length: audience.count }, (_, n) => audience.raw(n)),
    )
    await tell(tx, { ...told, directive: below.id }, audience.ids, directory)
  }
}

/** The directives that stand and pass this one on. */
function passedOnBy(tx: Tx, id: Id): Promise<{ number: number; id: Bytes }[]> {
  return tx.many('SELECT number, id FROM directive WHERE parent = $1 AND ended IS NULL ORDER BY index', [
    fromBase64url(id),
  ])
}

async function end(tx: Tx, number: number, { entry, header, place }: Notice): Promise<void> {
  const successor = 'successor' in entry ? fromBase64url(entry.successor) : null
  await tx.query('UPDATE directive SET ended = $2, ended_by = $3, successor = $4 WHERE number = $1', [
    number,
    place.time,
    header.id,
    successor,
  ])
}

async function change(tx: Tx, number: number, { kind, entry, header, place }: Notice): Promise<void> {
  const due = 'due' in entry ? entry.due : null
  const posts = 'posts' in entry ? entry.posts.map(fromBase64url) : null
  await tx.query(
    'INSERT INTO directive_change (index, id, directive, kind, placed, due, posts) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [place.index, header.id, number, kind.name, place.time, due, posts],
  )
  if (due !== null) await tx.query('UPDATE directive SET due = $2 WHERE number = $1', [number, due])
  if (posts) await tx.query('UPDATE directive SET reminded = $2 WHERE number = $1', [number, place.time])
}

async function expandLater(tx: Tx, { index, directive, frozen }: Job, tracking: boolean): Promise<void> {
  await tx.query('INSERT INTO expansion (index, directive, tracking, total) VALUES ($1, $2, $3, $4)', [
    index,
    directive,
    tracking,
    frozen.count,
  ])
}

/** Who sees a directive without being addressed: supervisors, the issuing post, and whoever a wrap was made for. */
function readersBeside(frozen: Frozen, issuer: Id, rings: Id[], directory: Directory): Id[] {
  const owners = rings.map((ring) => ownerOf(ring, directory))
  return [...new Set([issuer, ...frozen.supervisors(), ...owners])].filter((party) => !frozen.has(party))
}

function showAll(index: number, frozen: Frozen, beside: Id[], isSmall: boolean, effects: Effects): void {
  const addressed = Array.from({ length: frozen.count }, (_, n) => frozen.raw(n))
  effects.show(index, beside.map(fromBase64url))
  if (isSmall) effects.show(index, addressed)
  else effects.wake(addressed) // they are answered from the frozen audience until the worker has written their rows
}

/** A ring's id is its owner's; a device's owner is its person. */
function ownerOf(ring: Id, directory: Pick<Directory, 'device'>): Id {
  return directory.device(ring)?.person ?? ring
}
