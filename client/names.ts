import type { NamedPost } from './seal-draft.ts'
import type { Store } from './store.ts'
import type { Transport } from './transport.ts'

/** How long the list of names is good for, also when the page was opened anew. */
export const NAMES_AGE = 10 * 60_000

type Kept = { at: number; size?: number; posts: NamedPost[] }
/** With `as they are now` the server is asked even of a young list: whoever issues must find those who came a minute ago. */
export type Names = (when?: 'as they are now') => Promise<NamedPost[]>
type Needs = { store: Store; transport: Pick<Transport, 'json'>; now: () => number }

/**
 * The service's list of names, for finding only: nothing in it is proven. It is the biggest thing a device fetches, so it is asked
 * for once however many want it, kept between openings, and when it is old the server is told which one is here. Without a
 * connection the old one serves; rejects where there is none.
 */
export function keepNames({ store, transport, now }: Needs): Names {
  let kept: Kept | undefined
  let asking: Promise<NamedPost[]> | undefined

  async function ask(asTheyAre: boolean): Promise<NamedPost[]> {
    kept ??= await store.get<Kept>('meta', 'names')
    const before = kept
    if (before && !asTheyAre && isFresh(before)) return before.posts
    try {
      const known = before?.size === undefined ? '' : `?size=${before.size}`
      const said = (await transport.json(`/api/names${known}`)) as { size?: number; posts?: NamedPost[] }
      kept = {
        at: now(),
        ...(said.size === undefined ? {} : { size: said.size }),
        posts: said.posts ?? before?.posts ?? [],
      }
      await store.write([{ table: 'meta', key: 'names', value: kept }])
      return kept.posts
    } catch (error) {
      if (!before) throw error
      return before.posts
    }
  }

  /** @NOTE A clock set back must not keep a list for ever. */
  const isFresh = ({ at }: Kept) => now() >= at && now() - at < NAMES_AGE

  return async (when) => {
    if (when) return ask(true)
    if (kept && isFresh(kept)) return kept.posts
    asking ??= ask(false).finally(() => {
      asking = undefined
    })
    return asking
  }
}
