import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { SmarakClient } from '../client/client.ts'
import { fromBase64url } from '../core/bytes.ts'
import { sayIfKnown } from '../language/words.ts'
import type { Noted } from '../server/feature.ts'
import { call, codeOf, type Enemy, openEnemy } from './enemy/service.ts'
import { townLetter } from './helpers/town.ts'

/**
 * How a person hears of what a column holds that can name him or his post. A column that is not here fails the test: tell him of it
 * in a feature's `aboutMe`, or say why he hears of it otherwise.
 */
const ITEM = 'he signed it or it was addressed to him: his device holds the item, or /api/about-me/signed names it'
const SEALED = 'ciphertext or a hash: it names nobody'
const DIRECTORY = 'a fact of the directory, whose entries he sees as the office’s'
const ACCOUNTED: Record<string, string> = {
  'item.id': ITEM,
  'item.chain': SEALED,
  'item.signer': ITEM,
  'item.cose': ITEM,
  'item.leaf': SEALED,
  'item.leaf_hash': SEALED,
  'section.n': SEALED,
  'section.bytes': SEALED,
  'section.leaf_hash': SEALED,
  'wrap.ring': 'who can open an item: part of the item',
  'wrap.enc': SEALED,
  'wrap.ct': SEALED,
  'wrap.path': SEALED,
  'inbox.party': 'who is shown an item: part of the item; that it came is told as delivered',
  'tile.n': SEALED,
  'tile.bytes': SEALED,
  'signing_key.thumbprint': 'his devices, which entries of the directory name',
  'signing_key.public_key': 'his devices, which entries of the directory name',
  'session.token_hash': SEALED,
  'session.device': 'told: session',
  'session.person': 'told: session',
  'directive.id': ITEM,
  'directive.issuer': ITEM,
  'directive.addressees': 'how many',
  'directive.hash': SEALED,
  'directive.ended_by': ITEM,
  'directive.successor': ITEM,
  'directive.labels': 'clauses of a letter: they name nobody',
  'directive.asks': 'clauses of a letter: they name nobody',
  'directive.parent': ITEM,
  'directive.draft': ITEM,
  'directive_line.n': 'the number of a line as printed',
  'directive_line.selectors': ITEM,
  'directive_audience.ids': 'told: notice-new, delivered',
  'directive_audience.reached': 'by which line: part of the letter',
  'directive_audience.places': DIRECTORY,
  'directive_place.office': DIRECTORY,
  'directive_place.supervisor': DIRECTORY,
  'answer.id': ITEM,
  'answer.n': ITEM,
  'answer.clauses': ITEM,
  'answer.post': ITEM,
  'answer.person': ITEM,
  'tracking.n': 'told: delivered; the rest is what he signed',
  'reminder_wait.n':
    'put off by an answer of his: stands in the plan of his letter, and is told as about-… when it is made',
  'delivery.party': 'told: fetched',
  'directive_change.id': ITEM,
  'directive_change.posts': 'told: notice-remind',
  'draft.id': ITEM,
  'draft.issuer': ITEM,
  'draft.approvers': ITEM,
  'draft.directive': ITEM,
  'absence.post': 'told: absent',
  'absence.cover': 'told: covering',
  'practice.office': 'of an office; who wrote it is told as signed',
  'practice.hours': 'of an office',
  'practice.checks': 'of an office',
  'practice.holidays': 'of an office',
  'practice.reminders': 'of an office',
  'practice.routes': 'of an office: posts that approve, which every official may read',
  'practice.quiet': 'of an office',
  'notice.party': 'told: notice-…',
  'notice.directive': 'told: notice-…',
  'notice.addressee': 'told: about-…',
  'notice.office': 'of the issuing post',
  'contact.person': 'told: contact…',
  'contact.code_hash': SEALED,
  'push_subscription.device': 'told: subscription',
  'push_subscription.person': 'told: subscription',
  'reach_setting.person': 'told: setting',
  'sending.person': 'told: sending, or its attempt',
  'sending.party': 'told: sending, or its attempt',
  'sending.directive': 'told: sending, or its attempt',
  'sending.addressee': 'told: about-…',
  'sending.office': 'of the issuing post',
  'attempt.person': 'told: attempt',
  'attempt.party': 'told: attempt',
  'attempt.directive': 'told: attempt',
  'held.directive': 'told: held-confirmed',
  'held.decider': 'told: held-confirmed',
  'chunk.hash': SEALED,
  'chunk.uploader': 'told: files, files-passing',
}

describe('what is recorded about a person', () => {
  let service: Enemy
  let uno: SmarakClient
  let neighbour: SmarakClient
  let directive: string

  before(async () => {
    service = await openEnemy()
    const ds = await service.official('ds')
    uno = await service.official('uno1')
    neighbour = await service.official('uno2')
    directive = (await ds.issue(townLetter(service), () => {})).id
    await uno.sync()
    await uno.sync()
  })
  after(() => service.close())

  const bytes = (kind: 'post' | 'person', code: string) => fromBase64url(service.id(kind, code))
  const notedOf = async (as: SmarakClient): Promise<Noted[]> =>
    ((await (await call(service, '/api/about-me', { as })).json()) as { noted: Noted[] }).noted

  test('the server tells an officer its own observations of him, and of nobody else', async () => {
    let mine = await notedOf(uno)
    // Deliveries are gathered before they are written.
    for (let i = 0; i < 50 && !mine.some(({ what }) => what === 'delivered'); i++) {
      await setTimeout(100)
      mine = await notedOf(uno)
    }
    const delivered = mine.filter(({ what }) => what === 'delivered')
    assert.deepEqual(
      delivered.map(({ directive, post }) => [directive, post]),
      [[directive, service.id('post', 'uno1')]],
    )
    const sessions = mine.filter(({ what }) => what === 'session')
    assert.ok(sessions.length > 0)
    assert.ok(sessions.every(({ device, until, at }) => device === uno.device.keys.id && until! >= at))
    const theirs = await notedOf(neighbour)
    assert.ok(theirs.every(({ device, post }) => device !== uno.device.keys.id && post !== service.id('post', 'uno1')))
  })

  test('what was told to him or about him, where he can be reached and what he sent are told to him alone', async () => {
    const person = bytes('person', 'uno1')
    const post = bytes('post', 'uno1')
    const above = bytes('post', 'dc1')
    const about = fromBase64url(directive)
    const at = Date.now()
    const plant = (sql: string, values: unknown[]) => service.db.write((tx) => tx.query(sql, values))
    const notice = (party: Uint8Array, kind: string) =>
      plant(
        `INSERT INTO notice (party, kind, directive, addressee, grade, urgency, office, due_at, made_at)
         VALUES ($1, $2, $3, $4, 0, 0, $1, $5, $5)`,
        [party, kind, about, post, at],
      )
    await notice(post, 'reminder-due')
    await notice(above, 'escalation-1')
    await plant(
      `INSERT INTO contact (person, channel, address, listed, added, confirmed, dead, code_at)
       VALUES ($1, 'sms', '+8801712345678', true, $2, $2, $2, $2)`,
      [person, at],
    )
    await plant(`INSERT INTO push_subscription VALUES ($1, $2, 'https://push.invalid/x', 'p', 'a', 'bn', $3)`, [
      fromBase64url(uno.device.keys.id),
      person,
      at,
    ])
    await plant(`INSERT INTO reach_setting VALUES ($1, 'bn', 1320, 420, 'sms')`, [person])
    const sending = (number: number, state: string) =>
      plant(
        `INSERT INTO sending (notice, person, party, kind, directive, addressee, against, grade, urgency, office, made, state)
         VALUES ($1, $2, $3, 'reminder-due', $4, $3, 0, 0, 0, $3, $5, $6)`,
        [number, person, post, about, at, state],
      )
    await sending(900_001, 'nobody')
    await sending(900_002, 'told')
    await plant(
      `INSERT INTO attempt (notice, person, channel, party, directive, kind, claimed, outcome, message)
       VALUES (900002, $1, 'sms', $2, $3, 'reminder-due', $4, 'sent', 'm1')`,
      [person, post, about, at],
    )
    await plant(`INSERT INTO receipt VALUES ('sms', 'm1', 2, NULL, $1)`, [at + 1])
    await plant(
      `INSERT INTO held (directive, kind, channel, people, cost, made, confirmed, dropped, decider)
       VALUES ($1, 'new', 'sms', 9, 100, $2, $2, NULL, $3), ($1, 'remind', 'sms', 9, 100, $2, NULL, $2, $3)`,
      [about, at, person],
    )
    const chunk = (n: number, referenced: boolean) =>
      plant(`INSERT INTO chunk VALUES ($1, 1000, $2, $3, true, $4)`, [
        new Uint8Array(32).fill(n),
        at,
        person,
        referenced,
      ])
    await Promise.all([chunk(1, true), chunk(2, true), chunk(3, false)])
    await uno.following.declareAbsent({
      post: service.id('post', 'uno1'),
      reason: 'flood',
      from: at - 1,
      to: null,
      cover: service.id('post', 'uno2'),
    })
    await uno.sync()

    const mine = await notedOf(uno)
    const one = (what: string) => mine.find((noted) => noted.what === what) ?? assert.fail(`nothing of ${what}`)
    for (const what of ['contact-listed', 'contact-confirmed', 'contact-dead', 'contact-code'])
      assert.deepEqual([one(what).at, one(what).channel, one(what).address], [at, 'sms', '+8801712345678'])
    assert.equal(one('subscription').address, 'https://push.invalid/x')
    assert.deepEqual([one('setting').detail, one('setting').channel], ['bn, 22:00–07:00', 'sms'])
    assert.deepEqual(
      [one('attempt').outcome, one('attempt').until, one('attempt').directive],
      ['delivered', at + 1, directive],
    )
    assert.deepEqual(
      mine.filter(({ what }) => what === 'sending').map(({ outcome }) => outcome),
      ['nobody'],
    )
    assert.deepEqual([one('held-confirmed').at, one('held-dropped').at], [at, at])
    assert.deepEqual([one('files').size, one('files').n, one('files-passing').n], [2000, 2, 1])
    for (const what of ['notice-reminder-due', 'about-escalation-1'])
      assert.deepEqual([one(what).at, one(what).post], [at, service.id('post', 'uno1')])
    assert.deepEqual([one('absent').outcome, one('absent').until], ['flood', undefined])
    assert.ok(one('fetched').n! > 0)
    for (const { what } of mine)
      for (const lang of ['bn', 'en'] as const) assert.ok(sayIfKnown(lang, `about.what.${what}`), `${what} has words`)

    const theirs = await notedOf(neighbour)
    assert.deepEqual(
      theirs
        .filter(({ what }) => !['delivered', 'session', 'fetched', 'notice-new'].includes(what))
        .map(({ what }) => what),
      ['covering'],
      'his neighbour hears only that he stands in',
    )
  })

  test('what he signed elsewhere than his device holds is told with its place in the log', async () => {
    const signed = async (as: SmarakClient, kind: string) =>
      (await (await call(service, `/api/about-me/signed/${kind}`, { as })).json()) as {
        signed: { index: number; item: string; device: string }[]
      }
    const { signed: rings } = await signed(uno, 'ring')
    assert.ok(rings.length > 0 && rings.every(({ device }) => device === uno.device.keys.id))
    const { signed: others } = await signed(neighbour, 'ring')
    assert.ok(others.every(({ item }) => !rings.some((ring) => ring.item === item)))
    // An absence of his post, which his device holds; one forgotten by his device is told by the server.
    const about = await uno.aboutMe()
    assert.equal(about.complete, true)
    const counts = (
      (await (await call(service, '/api/about-me', { as: uno })).json()) as { signed: Record<string, number> }
    ).signed
    for (const [kind, count] of Object.entries(counts)) {
      const rows = about.rows.filter(
        ({ what, item }) =>
          item && (kind === 'receipt' ? /opened|acknowledged|receipt/ : new RegExp(`^${kind}$`)).test(what),
      )
      assert.ok(rows.length >= count, `${kind}: ${rows.length} of ${count}`)
    }
  })

  /** Columns that hold ids, or a place among the addressees of a directive, and are not accounted for. */
  async function unaccounted(): Promise<string[]> {
    const columns = await naming()
    return columns.filter((name) => !(name in ACCOUNTED))
  }

  const naming = async () =>
    (
      await service.db.many<{ name: string }>(
        `SELECT c.table_name || '.' || c.column_name AS name
         FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
         WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
          AND (c.data_type IN ('bytea', 'ARRAY', 'json', 'jsonb')
           OR c.column_name ~ '^(n|.*(person|post|party|addressee|device|holder).*)$')
         ORDER BY 1`,
      )
    ).map(({ name }) => name)

  test('every column of every table that can name somebody is told to him, or says here why not', async () => {
    assert.deepEqual(await unaccounted(), [], 'say in ACCOUNTED how he hears of it')
    const columns = await naming()
    const gone = Object.keys(ACCOUNTED).filter((name) => !columns.includes(name))
    assert.deepEqual(gone, [], 'these are no more')
    await service.db.write((tx) => tx.query('CREATE TABLE gossip (id bigint, person_code text, about bytea)'))
    assert.deepEqual(await unaccounted(), ['gossip.about', 'gossip.person_code'], 'a new table is noticed')
    await service.db.write((tx) => tx.query('DROP TABLE gossip'))
  })

  test('without a session nothing is told', async () => {
    const answer = await call(service, '/api/about-me')
    assert.deepEqual([answer.status, await codeOf(answer)], [401, 'session_expired'])
  })
})
