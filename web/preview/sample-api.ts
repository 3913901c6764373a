import type { PostName } from '../../client/views.ts'
import type { PracticeView, Working } from '../../features/directives/practice-route.ts'
import type { HeldSending } from '../shell/held.svelte.ts'

const nine = [{ from: 540, to: 1020 }]
const HOLDS: Working = {
  hours: [nine, nine, nine, nine, [{ from: 540, to: 960 }], [], []],
  checks: [600, 780, 960],
  quiet: { from: 1260, to: 420 },
  reminders: { before: [480, 120], every: 480, most: 5, escalate: [480, 1440] },
}

/** What the server says that is no item: addresses, how the office works, sendings that wait. Acts change it for this page only. */
export function sampleApi(who: string, held: PostName, elsewhere: PostName, now: number) {
  const day = 86_400_000
  let contacts = [
    { channel: 'sms', address: '+8801712345678', listed: true, confirmed: now - 90 * day, dead: null as number | null },
    {
      channel: 'mail',
      address: 'uno.pirgacha@mopa.gov.bd',
      listed: false,
      confirmed: null as number | null,
      dead: null,
    },
  ]
  let sendings: HeldSending[] =
    who === 'issuer'
      ? [
          {
            id: 1,
            directive: 'd1',
            kind: 'reminder-late',
            channel: 'sms',
            people: 50_000,
            cost: 1_750_000,
            made: now - 2 * 3_600_000,
          },
        ]
      : []
  const practice: PracticeView = {
    office: 'office',
    name: held.office,
    said: {
      hours: null,
      checks: HOLDS.checks,
      holidays: [{ date: '2026-11-25', bn: 'স্থানীয় মেলা', en: 'Local fair' }],
      reminders: null,
      routes: [{ post: held.id, approvers: [elsewhere.id] }],
      quiet: null,
    },
    at: now - 3 * day,
    holds: HOLDS,
    above: { ...HOLDS, checks: [570, 750, 960] },
    holidays: [{ date: '2026-12-16', bn: 'বিজয় দিবস', en: 'Victory Day' }],
    posts: [{ id: held.id, name: held.title }],
    elsewhere: [{ id: elsewhere.id, name: elsewhere.title }],
    writers: who === 'dc' ? [held.id] : [],
  }
  return async (path: string, value?: unknown): Promise<unknown> => {
    const given = value as { channel: string; address: string }
    const refuse = (code: string, details = {}) => {
      throw Object.assign(new Error(code), { code, details })
    }
    if (path === '/api/practice') return { offices: [practice] }
    if (path === '/api/sending/held') return { held: sendings }
    if (path.startsWith('/api/sending/held/')) sendings = []
    if (path === '/api/contacts')
      return {
        contacts,
        setting: { lang: 'bn', quiet: null },
        channels: who === 'empty' ? ['push'] : ['push', 'sms', 'mail', 'whatsapp'],
      }
    if (path === '/api/contacts/add') {
      if (given.channel !== 'mail' && given.address.length < 8) refuse('bad_phone', { why: 'short' })
      contacts = [
        ...contacts,
        { ...given, listed: false, confirmed: given.channel === 'whatsapp' ? now : null, dead: null },
      ]
    }
    if (path === '/api/contacts/remove')
      contacts = contacts.filter(({ channel, address }) => channel !== given.channel || address !== given.address)
    return {}
  }
}
