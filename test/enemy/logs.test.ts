import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { WebSocket } from 'ws'
import type { SmarakClient } from '../../client/client.ts'
import { readCode } from '../../core/ticket.ts'
import { openLog } from '../../server/log.ts'
import { townLetter } from '../helpers/town.ts'
import { call, type Enemy, openEnemy, postBytes, refused, tokenOf } from './service.ts'

/** What must be in no line, whatever the level: each is given to the server on some road. */
const WORDS = { subject: 'শিমুল-বিষয়', note: 'পলাশ-নোট', header: 'kadam-header', body: 'bokul-body', path: 'jarul-path' }

describe('the log, at the level that hides nothing', () => {
  let enemy: Enemy
  let ds: SmarakClient
  let code: string
  before(async () => {
    enemy = await openEnemy()
    ds = await enemy.official('ds')
    code = await enemy.code('uno1')
  })
  after(() => enemy.close())

  test('has no token, code, header, body or word of a letter in it, when all is well and when nothing is', async () => {
    const uno = await enemy.official('uno1', { code })
    const letter = townLetter(enemy)
    const { id } = await ds.issue({ ...letter, summary: { ...letter.summary, subject: WORDS.subject } }, () => {})
    await uno.sync()
    const answering = { directive: id, post: enemy.id('post', 'uno1'), clauses: ['ক'], until: null, note: WORDS.note }
    await uno.answer({ ...answering, state: 'done' })
    await uno.sync()
    const token = await tokenOf(uno)
    const headers = { 'x-anything': WORDS.header, cookie: WORDS.header, 'content-type': 'application/json' }
    const body = JSON.stringify({ device: WORDS.body, code: WORDS.body })
    await call(enemy, '/api/session', { token, method: 'POST', headers, body })
    await call(enemy, '/api/session', { token, method: 'POST', headers, body: `${body}}` })
    await call(enemy, `/api/me?token=${token}`, { headers })
    await call(enemy, `/.env/${WORDS.path}?code=${code}&token=${token}`, { token, headers })
    await postBytes(enemy, new TextEncoder().encode(WORDS.body))
    await new Promise((resolve) => {
      const socket = new WebSocket(`${enemy.url.replace('http', 'ws')}/api/live`)
      socket.on('open', () => socket.send(JSON.stringify({ token: `${token}x`, code })))
      socket.on('close', resolve)
    })
    await breakSomething(uno, id)

    const logged = enemy.logged.join('')
    assert.ok(enemy.logged.length > 1 && /"level":50/.test(logged), 'a fault was logged')
    assert.match(logged, /\.env/, 'and so was the probe, by its path alone')
    const codes = [code, readCode(code)]
    const secrets = [...codes, token, WORDS.subject, WORDS.note, WORDS.header, WORDS.body]
    for (const secret of secrets) assert.ok(!logged.includes(secret), secret)
  })

  /** A fault of ours while an item is placed: what PostgreSQL says of it quotes the whole row. */
  async function breakSomething(uno: SmarakClient, directive: string) {
    await enemy.db.write((tx) => tx.query(`ALTER TABLE item ADD CONSTRAINT broken CHECK (kind <> 'receipt') NOT VALID`))
    const receipt = await uno.device.acts.receipt(directive, enemy.id('post', 'uno1'), 'acknowledged')
    assert.equal(await refused(enemy, receipt), 'internal')
    // Sent together, the statements behind the broken one fail too, and any of them may be the first to be heard of.
    const line = enemy.logged.find((one) => /"fault":"(23514|25P02)"/.test(one))
    assert.ok(line, 'the fault is logged')
    assert.ok(!line.includes(Buffer.from(receipt.cose).toString('hex').slice(0, 64)), 'and no row quoted')
    assert.doesNotMatch(line, /Failing row/)
  }

  test('strikes out what is given to it under its usual names', () => {
    const lines: string[] = []
    const log = openLog('trace', { write: (line) => lines.push(line) })
    log.error({ token: 'a-secret', req: { headers: { authorization: 'a-secret' }, body: 'a-secret' } }, 'x')
    log.error({ err: Object.assign(new Error('x'), { detail: 'a-secret', parameters: ['a-secret'] }) })
    assert.equal(lines.length, 2)
    assert.ok(!lines.join('').includes('a-secret'))
  })
})
