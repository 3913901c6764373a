import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import fc from 'fast-check'
import { fromBase64url } from '../../core/bytes.ts'
import type { CborMap } from '../../core/cbor.ts'
import { RECORD_ROOM } from '../directory/index.ts'
import { amendFields, extendFields, REMIND_EVERY, remindFields } from './changes.ts'
import { approvalFields, draftFields } from './drafts.ts'
import { absenceFields, type PracticeEntry, practice, practiceFields, REASONS } from './duty.ts'
import type { Line } from './entries.ts'
import { coverOf } from './rules.ts'
import { idOf, type Made, Service, wrapsTo } from './testing/service.ts'

const toUnos: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'role', role: 'uno' }] }]
const toDc: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'post', post: idOf('dc') }] }]
const DUE = 1_800_000_000_000

/** secretary above commissioner above dc above two UNOs; another DC with a UNO of his own; a joint secretary who approves. */
let service: Service
beforeEach(() => {
  service = new Service()
  service.post('room', { role: RECORD_ROOM, ring: true })
  service.post('secretary', { mayIssue: true, ring: true })
  service.post('joint', { mayIssue: true, ring: true })
  service.post('commissioner', { supervisor: 'secretary', ring: true })
  service.post('dc', { supervisor: 'commissioner', ring: true })
  service.post('uno-1', { role: 'uno', supervisor: 'dc', ring: true })
  service.post('uno-2', { role: 'uno', supervisor: 'dc', ring: true })
})

const refuses = (made: Made, code: string) => assert.throws(() => service.place(made), { code })
const issue = (due: number | null = DUE) => service.place(service.directive('secretary', toUnos, { due })).id
const byPost = (kind: string, post: string, fields: CborMap, sections = 1) =>
  service.make(kind, post, post, fields, sections, [])

describe('any superior', () => {
  test('directs his subordinates shortly, and advises them, without the power to issue letters', () => {
    service.place(service.directive('dc', toUnos, { form: 'short' }))
    service.place(service.directive('dc', toUnos, { form: 'advice', clauses: [{ label: '', ask: 'nothing' }] }))
    service.place(service.directive('secretary', toUnos, { form: 'short' }))
  })

  test('directs nobody else', () => {
    service.post('uno-far', { role: 'uno', supervisor: 'commissioner', ring: true })
    refuses(service.directive('dc', toUnos, { form: 'short' }), 'not_subordinate')
    refuses(service.directive('uno-1', toDc, { form: 'short' }), 'not_subordinate')
    refuses(service.directive('dc', toUnos), 'not_allowed')
  })

  test('asks nothing by advice', () => {
    refuses(service.directive('dc', toUnos, { form: 'advice' }), 'bad_input')
    const clauses = [{ label: '', ask: 'nothing' as const }]
    refuses(service.directive('dc', toUnos, { form: 'advice', clauses, due: DUE }), 'bad_input')
  })
})

describe('passing on', () => {
  const passed = (parent: string, change = {}) => {
    const made = service.directive('dc', toUnos, { parent, ...change })
    return { ...made, sections: 3 }
  }

  test('is for whom the letter was addressed to, to those below, no later than it is due', () => {
    const parent = service.place(service.directive('secretary', toDc, { due: DUE })).id
    assert.equal(service.directives.head(service.place(passed(parent, { due: DUE - 1 })).id)?.parent, parent)
    service.place(passed(parent))
    refuses(passed(parent, { due: DUE + 1 }), 'due_after_parent')
    service.time = DUE
    refuses(passed(parent, { due: DUE }), 'due_past')
    service.place(passed(parent, { due: DUE + 1 })) // late oneself, one can still pass it on
  })

  test('of what was not addressed to one, or has ended, or to strangers, is refused', () => {
    refuses(passed(issue()), 'not_found')
    const parent = service.place(service.directive('secretary', toDc)).id
    service.place(service.cancel('secretary', parent))
    refuses(passed(parent), 'directive_ended')
    const other = service.place(service.directive('secretary', toDc)).id
    service.post('uno-far', { role: 'uno', supervisor: 'commissioner', ring: true })
    refuses(passed(other), 'not_subordinate')
  })

  test('brings the letter along, sealed', () => {
    const parent = service.place(service.directive('secretary', toDc)).id
    refuses({ ...passed(parent), sections: 2 }, 'bad_input')
  })
})

describe('a demi-official letter', () => {
  const person = idOf('person uno-1')
  const lines: Line[] = [{ n: 1, purpose: 'action', selectors: [{ by: 'person', person }] }]

  test('goes to a named person, who acts on it whatever post he holds', () => {
    const id = service.place(service.directive('secretary', lines, { form: 'do' })).id
    assert.equal(service.directives.frozen(id)?.has(person), true)
    const acts = { directive: id, post: person }
    const receipt = service.receipt('uno-1', id, 'opened')
    receipt.header.fields.set(2, fromBase64url(acts.post))
    service.place(receipt)
    assert.equal(service.directives.thread(id, person).receipt, 'opened')
    const other = service.receipt('uno-2', id, 'acknowledged')
    other.header.fields.set(2, fromBase64url(acts.post))
    refuses(other, 'not_allowed')
  })

  test('goes to persons only, and only it does', () => {
    refuses(service.directive('secretary', lines), 'bad_input')
    refuses(service.directive('secretary', toUnos, { form: 'do' }), 'bad_input')
  })
})

describe('what the issuer changes', () => {
  const issuer = idOf('secretary')

  test('an extension gives more time and never less', () => {
    const directive = issue()
    const extend = (due: number) => byPost('extend', 'secretary', extendFields({ directive, issuer, due }))
    service.place(extend(DUE + 1000))
    assert.equal(service.directives.head(directive)?.due, DUE + 1000)
    refuses(extend(DUE + 500), 'not_later')
    const free = issue(null)
    refuses(byPost('extend', 'secretary', extendFields({ directive: free, issuer, due: DUE })), 'no_due')
  })

  test('nobody is late before he has heard of it: nothing is due, nor extended to, a time that has passed', () => {
    const directive = issue()
    service.time = DUE + 10_000
    refuses(service.directive('secretary', toUnos, { due: service.time }), 'due_past')
    refuses(service.directive('dc', toUnos, { form: 'short', due: DUE }), 'due_past')
    const extend = (due: number) => byPost('extend', 'secretary', extendFields({ directive, issuer, due }))
    refuses(extend(DUE + 5_000), 'due_past')
    service.place(extend(service.time + 1))
  })

  test('an amendment and an extension come from the issuing post, while the directive stands', () => {
    const directive = issue()
    service.place(byPost('amend', 'secretary', amendFields({ directive, issuer })))
    assert.deepEqual(
      service.directives.head(directive)?.changes.map(({ kind }) => kind),
      ['amend'],
    )
    refuses(byPost('amend', 'dc', amendFields({ directive, issuer: idOf('dc') })), 'not_found')
    service.place(service.cancel('secretary', directive))
    refuses(byPost('amend', 'secretary', amendFields({ directive, issuer })), 'directive_ended')
  })

  test('a reminder goes to addressees, once a day', () => {
    const directive = issue()
    const remind = (...posts: string[]) =>
      byPost('remind', 'secretary', remindFields({ directive, issuer, posts: posts.map(idOf) }))
    refuses(remind('dc'), 'bad_input')
    service.place(remind('uno-1'))
    refuses(remind('uno-2'), 'reminded_today')
    service.time += REMIND_EVERY
    service.place(remind('uno-2'))
    refuses(byPost('remind', 'secretary', remindFields({ directive, issuer, posts: [] })), 'bad_input')
  })
})

describe('approval', () => {
  const cover = (...posts: string[]) => wrapsTo(coverOf(new Set(posts.map(idOf)), service.directory))
  const laid = (...approvers: string[]) => {
    const fields = draftFields({ issuer: idOf('secretary'), approvers: approvers.map(idOf), replaces: null })
    return service.make('draft', 'secretary', 'secretary', fields, 2, cover('secretary', ...approvers))
  }
  const approve = (draft: string, post: string, approved = true) =>
    byPost('approval', post, approvalFields({ draft, post: idOf(post), approved }))
  const issueFrom = (draft: string | null, change = {}) => service.directive('secretary', toUnos, { draft, ...change })
  const withApprovers = (made: Made, ...approvers: string[]): Made => ({
    ...made,
    wraps: cover('secretary', 'uno-1', 'uno-2', 'dc', ...approvers),
  })

  test('is given by each in turn, and then the letter may be issued, once', () => {
    const draft = service.place(laid('joint', 'commissioner')).id
    refuses(approve(draft, 'commissioner'), 'not_your_turn')
    refuses(approve(draft, 'dc'), 'not_found')
    service.place(approve(draft, 'joint'))
    refuses(approve(draft, 'joint'), 'already_done')
    refuses(withApprovers(issueFrom(draft), 'joint', 'commissioner'), 'wrong_state')
    service.place(approve(draft, 'commissioner'))
    const { id } = service.place(withApprovers(issueFrom(draft), 'joint', 'commissioner'))
    assert.equal(service.directives.draft(draft)?.directive, id)
    refuses(withApprovers(issueFrom(draft), 'joint', 'commissioner'), 'already_done')
  })

  test('that took longer than the time it gives does not bar the letter', () => {
    const draft = service.place(laid('joint')).id
    service.place(approve(draft, 'joint'))
    service.time = DUE + 1
    service.place(withApprovers(issueFrom(draft, { due: DUE }), 'joint'))
  })

  test('that is refused ends the draft; another may stand in for it', () => {
    const draft = service.place(laid('joint')).id
    service.place(approve(draft, 'joint', false))
    refuses(approve(draft, 'joint'), 'wrong_state')
    refuses(withApprovers(issueFrom(draft), 'joint'), 'wrong_state')
    const again = draftFields({ issuer: idOf('secretary'), approvers: [idOf('joint')], replaces: draft })
    service.place(service.make('draft', 'secretary', 'secretary', again, 2, cover('secretary', 'joint')))
  })

  test('a draft may be laid anew until it is issued, so that who comes after an approver can read it', () => {
    const anew = (replaces: string) => {
      const fields = draftFields({ issuer: idOf('secretary'), approvers: [idOf('joint')], replaces })
      return service.make('draft', 'secretary', 'secretary', fields, 2, cover('secretary', 'joint'))
    }
    const waiting = service.place(laid('joint')).id
    service.end('joint', 'joint')
    service.appoint('successor', 'joint')
    service.ring('joint', 'successor')
    const draft = service.place(anew(waiting)).id
    const approved = approvalFields({ draft, post: idOf('joint'), approved: true })
    service.place(service.make('approval', 'successor', 'joint', approved, 1, []))
    service.place(withApprovers(issueFrom(draft), 'joint'))
    refuses(anew(draft), 'wrong_state')
  })

  test('is wanted where the office has a route, and by nobody just transferred', () => {
    service.directives.setRoute(idOf('secretary'), [idOf('joint')])
    refuses(issueFrom(null), 'approval_needed')
    service.place(service.directive('secretary', toUnos, { form: 'short' }))
    const draft = service.place(laid('joint')).id
    service.end('joint', 'joint')
    refuses(approve(draft, 'joint'), 'not_allowed')
  })

  test('a draft is sealed to its approvers, and nobody approves his own', () => {
    refuses({ ...laid('joint'), wraps: cover('secretary') }, 'stale_ring')
    refuses(laid('secretary'), 'bad_input')
    refuses(laid('joint', 'joint'), 'bad_input')
  })
})

describe('duty', () => {
  test('an absence is declared by the holder or the one above', () => {
    const away = { post: idOf('uno-1'), reason: 'flood' as const, from: 1, to: null, cover: idOf('uno-2') }
    service.place(byPost('absence', 'uno-1', absenceFields(away), 0))
    service.place(byPost('absence', 'dc', absenceFields(away), 0))
    refuses(byPost('absence', 'uno-2', absenceFields(away), 0), 'not_allowed')
    refuses(byPost('absence', 'uno-1', absenceFields({ ...away, to: 0 }), 0), 'bad_input')
    refuses(byPost('absence', 'uno-1', absenceFields({ ...away, cover: idOf('uno-1') }), 0), 'bad_input')
  })

  test('a practice reads as it was written, and a week without working time is none', () => {
    const minutes = fc.integer({ min: 0, max: 1439 })
    const span = fc.tuple(minutes, minutes).filter(([from, to]) => from < to)
    const plain = { noNullPrototype: true }
    const entry = fc.record<PracticeEntry>(
      {
        office: fc.constantFrom(null, idOf('office')),
        hours: fc.option(fc.array(fc.option(span), { minLength: 7, maxLength: 7 })),
        checks: fc.option(fc.array(minutes, { maxLength: 5 })),
        holidays: fc.option(fc.constant([{ date: '2026-12-16', bn: 'বিজয় দিবস', en: 'Victory Day' }])),
        reminders: fc.option(
          fc.record(
            {
              before: fc.array(minutes, { maxLength: 3 }),
              every: minutes,
              most: minutes,
              escalate: fc.array(minutes, { maxLength: 3 }),
            },
            plain,
          ),
        ),
        routes: fc.option(fc.constant([{ post: idOf('secretary'), approvers: [idOf('joint')] }])),
        quiet: fc.option(fc.tuple(minutes, minutes)),
      },
      plain,
    )
    const read = (wanted: PracticeEntry) =>
      practice.read({ header: service.header('practice', 'dc', 'dc', practiceFields(wanted)), body: [] })
    fc.assert(
      fc.property(entry, (wanted) => {
        if (wanted.hours?.every((day) => day === null)) assert.throws(() => read(wanted), { code: 'bad_input' })
        else assert.deepEqual(read(wanted), wanted)
      }),
    )
  })

  test('a holiday on a day that is none is refused', () => {
    const wrong = { office: null, hours: null, checks: null, reminders: null, routes: null, quiet: null }
    const holidays = [{ date: '2026-02-31', bn: 'x', en: 'x' }]
    const header = service.header('practice', 'dc', 'dc', practiceFields({ ...wrong, holidays }))
    assert.throws(() => practice.read({ header, body: [] }), { code: 'bad_input' })
    assert.equal(REASONS.length, 6)
  })
})
