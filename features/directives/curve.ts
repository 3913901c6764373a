import type { Id } from '../directory/index.ts'
import { type BoardNeeds, isWithin, openBoard } from './board.ts'

/** How many had answered, and acknowledged, by each time. */
export type Curve = {
  /** Addressees in all. */
  sent: number
  points: { time: number; acknowledged: number; answered: number }[]
}

const MOST_POINTS = 120

/**
 * Answers over time, from issue until now or, when all have long answered, until the last of them: at most 120 points, of
 * which each carries the numbers its text equivalent says. Throws `Refusal('not_found')`.
 */
export async function curve(
  needs: BoardNeeds,
  posts: readonly Id[],
  id: Id,
  { within = null }: { within?: string | null } = {},
): Promise<Curve> {
  const { stored, audience, scope } = await openBoard(needs, posts, id)
  const seen = audience.places.map((place) => scope.counts(place) && isWithin(place, within))
  const places = seen.flatMap((isSeen, place) => (isSeen ? [place] : []))
  const sent = audience.placeOf.reduce((sum, place) => sum + (seen[place] ? 1 : 0), 0)
  const start = stored.time
  const whole = places.length === audience.places.length
  const rows = await needs.db.many<{ point: number; what: 'acknowledged' | 'answered'; posts: number; last: number }>(
    `WITH moment AS (
       SELECT 'acknowledged' AS what, coalesce(acknowledged, spoke) AS time FROM tracking
       WHERE directive = $1 AND clause = 0 AND ($2::int[] IS NULL OR place = any($2))
       UNION ALL
       SELECT 'answered', replied FROM tracking
       WHERE directive = $1 AND clause = 0 AND ($2::int[] IS NULL OR place = any($2))
     ), span AS (
       SELECT CASE WHEN count(*) FILTER (WHERE what = 'answered' AND time IS NULL) > 0
                   THEN greatest($4::bigint, max(time)) ELSE max(time) END AS until
       FROM moment
     )
     SELECT width_bucket(time, $3::bigint, greatest(until, $3::bigint + 1) + 1, ${MOST_POINTS - 1}) AS point, what,
            count(*) AS posts, max(until) AS last
     FROM moment, span WHERE time IS NOT NULL
     GROUP BY point, what ORDER BY point`,
    [stored.number, whole ? null : places, start, needs.now()],
  )
  const until = rows[0]?.last ?? needs.now()
  const step = (Math.max(until, start + 1) + 1 - start) / (MOST_POINTS - 1)
  const points: Curve['points'] = [{ time: start, acknowledged: 0, answered: 0 }]
  for (const { point, what, posts } of rows) {
    const time = Math.min(until, Math.ceil(start + point * step))
    let last = points.at(-1)!
    if (last.time !== time) {
      last = { ...last, time }
      points.push(last)
    }
    last[what] += posts
  }
  const last = points.at(-1)!
  if (last.time < until && points.length < MOST_POINTS) points.push({ ...last, time: until })
  return { sent, points }
}
