import type { Entry } from '../../core/kind.ts'
import type { Tx } from '../../server/db.ts'
import type { Id } from '../directory/index.ts'
import type { DirectiveBook } from './book.ts'
import type { DirectiveState } from './kinds.ts'
import { type Addressee, type FrozenCache, readAnswerIds, readDirectives, readReceipts } from './store.ts'

/** What entries of this feature may name. */
type Named = { directive?: Id; successor?: Id; post?: Id }

/** Brings into the book what the rules of a batch will ask for, and forgets what earlier batches asked. */
export async function load(
  tx: Tx,
  entries: Entry<unknown, DirectiveState>[],
  book: DirectiveBook,
  cache: FrozenCache,
): Promise<void> {
  book.clear()
  const named = entries.map(({ kind, entry }) => ({ kind: kind.name, ...(entry as Named) }))
  const ids = new Set(
    named.flatMap(({ directive, successor }) => [directive, successor].filter((id) => id !== undefined)),
  )
  if (ids.size === 0) return
  const stored = new Map((await readDirectives(tx, [...ids])).map((directive) => [directive.id, directive]))
  for (const { number, addressees: _, expanded: __, ...head } of stored.values()) {
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
