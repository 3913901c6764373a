import type { Directory, Id } from '../directory/index.ts'
import type { Frozen, FrozenPlace } from './frozen.ts'

/** What one viewer may see of a directive's tracking. */
export type Scope = {
  standing: 'issuing' | 'supervising' | 'above'
  /** Whose posts' counts he sees. */
  counts(place: FrozenPlace): boolean
  /** Whose rows, by name, with times and answers. */
  rows(place: FrozenPlace): boolean
}

/**
 * The issuing post sees everything. A post that supervises addressees sees their rows, and counts of all below it; a post
 * further up sees counts only. Supervision is that of the day the directive was placed; further up, that of today.
 * Undefined for everybody else, an addressee among them: he sees his own thread.
 */
export function scopeOf(
  { issuer }: { issuer: Id },
  audience: Frozen,
  posts: readonly Id[],
  directory: Pick<Directory, 'post'>,
): Scope | undefined {
  const own = new Set(posts)
  if (own.has(issuer)) return { standing: 'issuing', counts: () => true, rows: () => true }
  const below = new Set(audience.supervisors().filter((supervisor) => isUnder(supervisor, own, directory)))
  if (below.size === 0) return undefined
  const direct = audience.supervisors().some((supervisor) => own.has(supervisor))
  return {
    standing: direct ? 'supervising' : 'above',
    counts: ({ supervisor }) => supervisor !== null && below.has(supervisor),
    rows: ({ supervisor }) => supervisor !== null && own.has(supervisor),
  }
}

/** Whether a post is one of these or has one of them above it. */
function isUnder(post: Id, own: ReadonlySet<Id>, directory: Pick<Directory, 'post'>): boolean {
  const seen = new Set<Id>()
  for (let at: Id | null = post; at !== null && !seen.has(at); at = directory.post(at)?.supervisor ?? null) {
    if (own.has(at)) return true
    seen.add(at)
  }
  return false
}
