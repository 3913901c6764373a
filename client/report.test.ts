import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BoardCell } from '../features/directives/rows.ts'
import type { GatheredRow } from './gather.ts'
import { reportOf } from './report.ts'
import type { Answer, AnswerState, DirectiveDetail } from './views.ts'

const none = { bn: '', en: '' }
const cell = (label: string, ask: BoardCell['ask'], state: AnswerState | null): BoardCell =>
  ({ label, ask, state, by: null, answered: state && 1, owed: false, late: false }) as BoardCell

/** The word the report has for somebody whose newest answer was `newest`. */
function stateIn(newest: AnswerState | null, ...clauses: BoardCell[]) {
  return madeOf(newest, clauses).rows[0]!.state
}

function madeOf(newest: AnswerState | null, clauses: BoardCell[]) {
  const row = {
    division: none,
    district: none,
    upazila: none,
    office: none,
    name: none,
    vacant: false,
    delivered: 1,
    opened: 1,
    acknowledged: null,
    clauses,
    answer: newest && ({ state: newest, accepted: 1 } as Answer),
  } as unknown as GatheredRow
  const detail = { parts: [], memo: '', subject: '', due: null } as unknown as DirectiveDetail
  return reportOf({
    lang: 'bn',
    detail,
    rows: [row],
    maker: null,
    mark: '',
    checkpoint: { size: 1, root: '' },
    madeAt: 1,
  })
}

test('a report calls nobody compliant for one clause while another is open or was not possible', () => {
  const whole = cell('', 'acknowledge', null)
  const [did, keeps] = [cell('ক', 'once', 'done'), cell('খ', 'standing', 'kept')]
  assert.equal(stateIn('kept', whole, did, keeps), 'done')
  assert.equal(stateIn('done', whole, did, cell('খ', 'standing', null)), 'progress')
  assert.equal(stateIn('done', whole, cell('গ', 'once', 'impossible'), did), 'impossible')
  assert.equal(stateIn('done', whole, cell('গ', 'once', 'notours'), did), 'done')
  assert.equal(stateIn('kept', whole, cell('গ', 'once', 'problem'), keeps), 'problem')
})

test('where nothing asks for an answer the newest one says it, and without one how far the letter came', () => {
  assert.equal(stateIn('done', cell('', 'acknowledge', null)), 'done')
  assert.equal(stateIn(null, cell('', 'once', null)), 'opened')
})

test('who answered one clause and owes another is counted, for the board does not count him as answered', () => {
  const [did, owed] = [cell('ক', 'once', 'done'), cell('খ', 'standing', null)]
  assert.equal(madeOf('done', [cell('', 'acknowledge', null), did, owed]).partly, 1)
  assert.equal(madeOf('done', [cell('', 'acknowledge', null), did]).partly, 0)
  assert.equal(madeOf(null, [did, owed]).partly, 0)
})
