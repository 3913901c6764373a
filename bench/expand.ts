/** How long a directive to many posts holds up the log, and how long until every post has its tracking rows. */
import {
  LARGE_CLAUSES,
  largeRoad,
  largeService,
  timed,
  toRole,
  withDatabase,
} from '../features/directives/testing/large.ts'
import type { Bench, Row } from '../scripts/bench.ts'

const SIZES = [600, 5_000, 20_000, 100_000]

export const bench: Bench = {
  name: 'expand',
  run: () =>
    withDatabase(async (db) => {
      const rows: Row[] = []
      // Plans and code are warm in a running server.
      const warm = largeRoad(largeService(200, 'warm'), db)
      await warm.place(warm.service.directive('secretary', toRole('warm'), { clauses: LARGE_CLAUSES }))
      await warm.feature.settled()
      await db.write((tx) => tx.query('TRUNCATE directive, tracking, inbox, wrap, delivery CASCADE'))
      for (const posts of SIZES) {
        const service = largeService(posts)
        const road = largeRoad(service, db)
        const made = service.directive('secretary', toRole('officer'), { clauses: LARGE_CLAUSES })
        const placed = await timed(() => road.place(made))
        const written = await timed(() => road.feature.settled())
        const { n } = (await db.one<{ n: number }>('SELECT count(*) AS n FROM tracking'))!
        if (n !== posts * LARGE_CLAUSES.length) throw new Error(`${n} rows for ${posts} posts`)
        const raw = await timed(() =>
          db.write(async (tx) => {
            await tx.query(
              'CREATE TABLE reference (directive int, n int, clause int, PRIMARY KEY (directive, clause, n))',
            )
            await tx.query(
              'INSERT INTO reference SELECT 1, n, c FROM generate_series(1, $1::int) n, generate_series(1, $2::int) c',
              [posts, LARGE_CLAUSES.length],
            )
          }),
        )
        const many = posts.toLocaleString('en')
        const reference = { name: 'as many bare rows', value: raw }
        rows.push({ name: `${many} posts: the log is held up`, value: placed, unit: 'ms', reference, wanted: '≤ 8' })
        rows.push({
          name: `${many} posts: all rows of ${LARGE_CLAUSES.length} clauses, inbox included`,
          value: placed + written,
          unit: 'ms',
          reference,
          wanted: '≤ 12',
        })
        await db.write((tx) => tx.query('DROP TABLE reference'))
        await db.write((tx) => tx.query('TRUNCATE directive, tracking, inbox, wrap, delivery CASCADE'))
      }
      return rows
    }),
}
