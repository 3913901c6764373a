import type { Bytes } from '../../core/bytes.ts'
import type { Entry } from '../../core/kind.ts'
import type { Read, Tx } from '../../server/db.ts'
import type { Id } from '../directory/index.ts'
import type { AnswerEntry, DirectiveEntry } from './entries.ts'
import type { DirectiveState } from './requiring.ts'
import {
  type Addressee,
  type FrozenCache,
  readAnswerIds,
  readDirectives,
  readDrafts,
  readReceipts,
  readRoutes,
} from './store.ts'

/** Chunks of files, which travel beside the road: which of these are here whole, and that they are to stay. */
export type FileStore = {
  present(read: Read, hashes: readonly Bytes[]): Promise<Bytes[]>
  keep(tx: Tx, hashes: readonly Bytes[]): Promise<void>
}

/** What entries of this feature may name. */
type Named = { directive?: Id; successor?: Id; parent?: Id | null; post?: Id; draft?: Id | null; replaces?: Id | null }

/** Brings into the book what the rules of a batch will ask for, and forgets what earlier batches asked. */
export async function load(
  tx: Tx,
  entries: Entry<unknown, DirectiveState>[],
  { directory, directives: book }: DirectiveState,
  cache: FrozenCache,
  files?: FileStore,
): Promise<void> {
  book.clear()
  const named = entries.map(({ kind, entry }) => ({ kind: kind.name, ...(entry as Named) }))
  const ids = new Set(
    named.flatMap(({ directive, successor, parent }) =>
      [directive, successor, parent ?? undefined].filter((id) => id !== undefined),
    ),
  )
  await Promise.all([
    loadDrafts(tx, named, book),
    loadRoutes(tx, entries, directory, book),
    loadChunks(tx, entries, book, files),
  ])
  if (ids.size === 0) return
  const stored = new Map((await readDirectives(tx, [...ids])).map((directive) => [directive.id, directive]))
  for (const { number, addressees: _, expanded: __, grade: ___, urgency: ____, ...head } of stored.values()) {
    book.setHead(head, await cache.get(tx, number))
  }

  const threads = new Map<string, Addressee & { directive: number; id: Id; post: Id }>()
  for (const { directive, post } of named) {
    if (directive === undefined || post === undefined) continue
    const known = stored.get(directive)
    const n = book.frozen(directive)?.indexOf(post) ?? -1
    if (known && n >= 0) threads.set(`${directive} ${post}`, { directive: known.number, n, id: directive, post })
  }
  if (threads.size === 0) return
  const of = [...threads.values()]
  const wrapped = named.some(({ kind }) => kind === 'wrap-add')
  const [receipts, answers] = await Promise.all([readReceipts(tx, of), wrapped ? readAnswerIds(tx, of) : []])
  for (const [i, { id, post }] of of.entries()) {
    book.setThread(id, post, { receipt: receipts[i]!, answers: answers[i] ?? [], acts: [] })
  }
}

async function loadDrafts(tx: Tx, named: readonly Named[], book: DirectiveState['directives']): Promise<void> {
  const ids = new Set(named.flatMap(({ draft, replaces }) => [draft ?? [], replaces ?? []].flat()))
  if (ids.size === 0) return
  for (const draft of await readDrafts(tx, [...ids])) book.setDraft(draft)
}

/** Whose approval the letters of a batch need. */
async function loadRoutes(
  tx: Tx,
  entries: Entry<unknown, DirectiveState>[],
  directory: DirectiveState['directory'],
  book: DirectiveState['directives'],
): Promise<void> {
  const issuers = entries.flatMap(({ kind, entry }) =>
    kind.name === 'directive' ? (entry as DirectiveEntry).issuer : [],
  )
  const offices = new Set(issuers.flatMap((post) => directory.post(post)?.office ?? []))
  if (offices.size === 0) return
  for (const { post, approvers } of await readRoutes(tx, [...offices])) book.setRoute(post, approvers)
}

async function loadChunks(
  tx: Tx,
  entries: Entry<unknown, DirectiveState>[],
  book: DirectiveState['directives'],
  files?: FileStore,
): Promise<void> {
  const hashes = entries.flatMap(({ kind, entry }) =>
    kind.name === 'answer' ? (entry as AnswerEntry).files.flat() : [],
  )
  if (hashes.length === 0) return
  for (const hash of (await files?.present(tx, hashes)) ?? []) book.setChunk(hash)
}
