import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readChecks, readHolidayFile, readHours, readQuiet, readRoutes, readRule } from './read-practice.ts'

const bad = { code: 'bad_value' }

test('hours are days and a span; a day that is not named is off', () => {
  const nine = [540, 1020]
  assert.deepEqual(readHours(['sun-thu=09:00-17:00']), [nine, nine, nine, nine, nine, null, null])
  assert.deepEqual(readHours(['sat-mon=৯-১৩', 'wed=10:00-16:30']), [
    [540, 780],
    [540, 780],
    null,
    [600, 990],
    null,
    null,
    [540, 780],
  ])
  for (const wrong of ['sun', 'sun=17:00-09:00', 'fun=9-5', 'sun=9', 'sun=09:00-10:00-11:00'])
    assert.throws(() => readHours([wrong]), bad, wrong)
  assert.throws(() => readHours(['sun=9-10', 'sun=11-12']), bad)
})

test('check times are put in order, quiet hours may pass midnight', () => {
  assert.deepEqual(readChecks('16:00,৯:৩০,16:00'), [570, 960])
  assert.deepEqual(readQuiet('21:00-07:00'), [1260, 420])
  for (const wrong of ['', '9:75', '24:00']) assert.throws(() => readChecks(wrong), bad, wrong)
  assert.throws(() => readQuiet('21:00'), bad)
})

test('of a rule only what is given changes', () => {
  const before = { before: [480], every: 480, most: 5, escalate: [480, 1440] }
  assert.deepEqual(readRule({ every: '৬০', escalate: '' }, before), { ...before, every: 60, escalate: [] })
  assert.throws(() => readRule({ before: 'soon' }, before), bad)
})

test('a route names a post and its approvers; with none it is nobody’s', () => {
  const idOf = (code: string) => `id ${code}`
  assert.deepEqual(readRoutes(['ds=js, as', 'uno='], idOf), [{ post: 'id ds', approvers: ['id js', 'id as'] }])
  for (const wrong of ['ds', '=js', 'a=b=c']) assert.throws(() => readRoutes([wrong], idOf), bad, wrong)
})

test('a mistake in a list of holidays is named with its line', () => {
  const text = 'date,bn,en\n2026-02-21,শহিদ দিবস,Martyrs’ Day\n২০২৬-০২-৩০,মেলা,Fair\n'
  assert.throws(
    () => readHolidayFile('days.csv', text),
    ({ code, details }: { code: string; details: { n: number; faults: { row: number; file: string }[] } }) => {
      assert.deepEqual(
        [code, details.n, details.faults[0]!.row, details.faults[0]!.file],
        ['bad_holidays', 1, 3, 'days.csv'],
      )
      return true
    },
  )
  assert.deepEqual(readHolidayFile('d', '২০২৬-১১-২৫,স্থানীয় মেলা'), [
    { date: '2026-11-25', bn: 'স্থানীয় মেলা', en: 'স্থানীয় মেলা' },
  ])
})
