/** One tick of the reminders over 500 open directives to 500 addressees each, with little and with everything due. */
import { Practices } from '../features/directives/habits.ts'
import { sendReminders } from '../features/directives/send-reminders.ts'
import { FrozenCache } from '../features/directives/store.ts'
import { largeRoad, largeService, timed, toRole, withDatabase } from '../features/directives/testing/large.ts'
import { fromDhaka } from '../language/time.ts'
import type { Bench, Row } from '../scripts/bench.ts'

const DIRECTIVES = 500
const ADDRESSEES = 500
const HOUR = 3_600_000

export const bench: Bench = {
  name: 'reminders',
  run: () =>
    withDatabase(async (db) => {
      const service = largeService(ADDRESSEES)
      const road = largeRoad(service, db)
      service.time = fromDhaka('2026-12-06', 9)
      const clauses = [{ label: '', ask: 'once' as const }]
      // Half are due at the close of Thursday, the others an hour apart over the weeks after.
      for (let i = 0; i < DIRECTIVES; i++) {
        const due = fromDhaka('2026-12-10', 17) + (i % 2 === 0 ? 0 : i * HOUR)
        await road.place(service.directive('secretary', toRole('officer'), { clauses, due, urgency: 1 }))
      }
      await db.write((tx) => tx.query('ANALYZE tracking'))
      const needs = {
        directory: service.directory,
        practices: new Practices(service.directory, []),
        frozen: new FrozenCache(),
      }
      const tick = (now: number) => sendReminders({ db, ...needs, now: () => now })
      await tick(service.time) // reckons every clock once
      const rows: Row[] = []
      const best = async (act: () => unknown) => {
        const times: number[] = []
        for (let i = 0; i < 9; i++) times.push(await timed(act))
        return Math.min(...times)
      }
      rows.push({
        name: 'a tick, nothing due',
        value: await best(() => tick(service.time)),
        unit: 'ms',
        wanted: '≤ 1000',
      })
      const before = await timed(() => tick(fromDhaka('2026-12-10', 9)))
      rows.push({ name: 'a tick, half of all due at once (125,000 notices)', value: before, unit: 'ms', wanted: '' })
      const alone: number[] = []
      for (let hour = 1; hour <= 7; hour += 2) {
        const from = fromDhaka('2026-12-10', 9) + hour * HOUR
        alone.push(await timed(() => tick(from)))
      }
      rows.push({ name: 'a tick, one due (500 notices)', value: Math.min(...alone), unit: 'ms', wanted: '≤ 1000' })
      return rows
    }),
}
