import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { say } from '../../../language/words.ts'
import type { Prefs } from '../../../web/shell/prefs.svelte.ts'
import type { BoardGroup } from '../board.ts'
import type { BoardRow } from '../rows.ts'
import {
  aroundOf,
  cellOf,
  columnName,
  columnsOf,
  doneOf,
  glyphOfCell,
  glyphOfPost,
  insideOf,
  keyedInside,
  ownOf,
  partsOf,
  stepPath,
  treeOf,
  wordOfPost,
} from './board-view.ts'

const counts = { sent: 64, delivered: 60, opened: 50, acknowledged: 41, answered: 20, late: 3, vacant: 2 }
const group = (key: string): BoardGroup => ({ key, counts, clauses: [] })
const row = (over: Partial<BoardRow> = {}): BoardRow => ({
  post: 'p',
  name: null,
  office: null,
  place: { division: '55', district: '5585', upazila: '' },
  holders: [],
  vacant: false,
  delivered: null,
  opened: null,
  acknowledged: null,
  answered: null,
  late: false,
  clauses: [],
  ...over,
})

test('the parts of the bar are all the posts, each once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 5, maxLength: 5 }), (numbers) => {
      const [sent, delivered, opened, acknowledged, answered] = numbers.sort((a, b) => b - a) as [
        number,
        number,
        number,
        number,
        number,
      ]
      const parts = Object.values(partsOf({ sent, delivered, opened, acknowledged, answered, late: 0, vacant: 0 }))
      assert.equal(
        parts.reduce((sum, n) => sum + n, 0),
        sent,
      )
      assert.ok(parts.every((n) => n >= 0))
    }),
  )
})

test('a circle is full only when all are done, and empty only when none is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (all, some) => {
      const done = Math.min(some, all)
      const { glyph } = doneOf({ ...counts, sent: all, answered: done }, true)
      assert.equal(glyph === 'complied', done === all)
      assert.equal(glyph === 'sent', done === 0)
    }),
  )
})

test('where only acknowledgement is asked, acknowledging is done', () => {
  assert.equal(doneOf(counts, false).done, 41)
  assert.equal(doneOf(counts, true).done, 20)
  assert.equal(glyphOfPost(row({ acknowledged: 1 }), false), 'complied')
  assert.equal(glyphOfPost(row({ acknowledged: 1 }), true), 'acknowledged')
})

test('who answered that it was not possible is nowhere said to have complied', () => {
  const said = (...states: ('done' | 'impossible' | 'progress' | 'notours')[]) =>
    row({
      acknowledged: 1,
      answered: 2,
      clauses: states.map((state, i) => {
        return { label: 'কখগ'[i]!, ask: 'once' as const, state, by: null, answered: 2, owed: false, late: false }
      }),
    })
  const shown = (post: BoardRow) => [glyphOfPost(post, true), wordOfPost(post)]
  assert.deepEqual(shown(said('done', 'done')), ['complied', 'common.states.complied'])
  assert.deepEqual(shown(said('impossible')), ['impossible', 'common.states.impossible'])
  assert.deepEqual(shown(said('notours')), ['notOurs', 'common.states.notOurs'])
  assert.deepEqual(shown(said('progress', 'progress')), ['acknowledged', 'common.states.progress'])
  assert.deepEqual(shown(said('done', 'impossible')), ['impossible', 'board.replied'])
  assert.deepEqual(shown(row({ acknowledged: 1 })), ['acknowledged', 'common.states.acknowledged'])
})

test('a cell says what was answered, or how far the post came', () => {
  const cell = { label: 'গ', ask: 'once' as const, state: null, by: null, answered: null, owed: true, late: false }
  assert.equal(glyphOfCell({ ...cell, state: 'notours', owed: false }, row()), 'notOurs')
  assert.equal(glyphOfCell({ ...cell, state: 'progress' }, row()), 'acknowledged')
  assert.equal(glyphOfCell(cell, row({ opened: 1 })), 'opened')
  assert.equal(glyphOfCell(cell, row({ vacant: true })), 'vacant')
  assert.equal(glyphOfCell({ ...cell, ask: 'nothing' }, row()), null)
  assert.equal(glyphOfCell({ ...cell, ask: 'nothing', state: 'done' }, row()), 'complied')
  const states = { none: 64, done: 0, progress: 0, impossible: 0, notours: 0, kept: 0, problem: 0 }
  assert.equal(cellOf({ asked: 0, owed: 0, states }), null)
  assert.equal(cellOf(undefined), null)
  const unasked = { label: 'গ', ask: 'nothing' as const, asked: 0, owed: 0, late: 0 }
  const answered = { ...unasked, states: { ...states, none: 61, done: 2, progress: 1 } }
  assert.deepEqual(cellOf(answered), { done: 3, all: null, glyph: 'complied' })
  assert.deepEqual(columnsOf([{ ...unasked, states }, answered, { ...unasked, label: 'ঘ', ask: 'once', states }]), [
    answered,
    { ...unasked, label: 'ঘ', ask: 'once', states },
  ])
})

test('one acknowledgement of the whole letter has no column beside that of the whole', () => {
  const whole = { label: '', ask: 'acknowledge' as const, states: { none: 3 } as Record<string, number> }
  const clause = { label: 'গ', ask: 'once' as const, states: { none: 3 } as Record<string, number> }
  assert.deepEqual(columnsOf([whole]), [])
  assert.deepEqual(columnsOf([whole, clause]), [whole, clause])
})

test('areas open from division to district to posts', () => {
  assert.equal(insideOf('55'), 'district')
  assert.equal(insideOf('5585'), 'rows')
  assert.equal(insideOf('-'), 'rows')
  assert.equal(aroundOf('5585'), '55')
  assert.equal(aroundOf('55'), '')
})

test('the offices of a division itself are not those of the country', () => {
  const [own, district] = keyedInside('55', [group('-'), group('5585')])
  assert.deepEqual([own!.key, district!.key], ['55-', '5585'])
  assert.equal(ownOf('55-'), '55')
  assert.equal(ownOf('-'), null)
  assert.equal(aroundOf('55-'), '55')
  assert.equal(insideOf('55-'), 'rows')
})

test('an open group shows what is inside it, beneath itself', () => {
  const inside = new Map([
    ['55', { groups: [group('5585')] }],
    ['5585', { rows: [row()], cursor: '1.2' }],
  ])
  const lines = treeOf([group('55'), group('60')], inside, new Set(['55', '5585']))
  assert.deepEqual(
    lines.map((line) => [line.type, line.depth]),
    [
      ['group', 0],
      ['group', 1],
      ['post', 2],
      ['more', 2],
      ['group', 0],
    ],
  )
})

test('the curve never leaves its box', () => {
  const point = fc.record({ time: fc.nat(1e6), n: fc.nat(64) })
  fc.assert(
    fc.property(fc.array(point), (points) => {
      points.sort((a, b) => a.time - b.time)
      for (const [, axis, value] of stepPath(points, 64, 600, 120).matchAll(/([HV])([\d.]+)/g))
        assert.ok(Number(value) >= 0 && Number(value) <= (axis === 'H' ? 600 : 120))
    }),
  )
})

test('the column of the whole letter is its acknowledgement only where no more is asked of it', () => {
  const prefs = { say: say.bind(null, 'bn') as Prefs['say'] }
  assert.equal(columnName(prefs, '', 'acknowledge'), 'প্রাপ্তি স্বীকার')
  assert.equal(columnName(prefs, '', 'once'), 'সম্পূর্ণ পত্র')
  assert.equal(columnName(prefs, 'গ', 'once'), 'গ')
})
