/** The whole product in this process, over a database of its own, with everything it logs kept. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, openApp } from '../../app.ts'
import type { SmarakClient } from '../../client/client.ts'
import { readItemAnswers } from '../../client/messages.ts'
import { type Bytes, fromBase64url } from '../../core/bytes.ts'
import { decode, encode } from '../../core/cbor.ts'
import { type Envelope, writeEnvelope } from '../../core/item.ts'
import { sayIfKnown } from '../../language/words.ts'
import { readConfig } from '../../server/config.ts'
import type { Db } from '../../server/db.ts'
import { openLog } from '../../server/log.ts'
import { testDatabase } from '../helpers/database.ts'
import { foundTown, type Town, type TownOptions } from '../helpers/town.ts'

export type Enemy = Town & {
  app: App
  /** The server's own database, for a test that breaks it. */
  db: Db
  /** Every line of the log, at the level that hides nothing. */
  logged: string[]
  close(): Promise<void>
}

/** Opens a server and founds the town on it. */
export async function openEnemy(options: TownOptions = {}): Promise<Enemy> {
  const { db, url: database } = await testDatabase()
  const directory = await mkdtemp(join(tmpdir(), 'smarak-enemy-'))
  const logged: string[] = []
  const config = readConfig({}, ['--data', directory, '--port', '0', '--database-url', database])
  const log = openLog('trace', { write: (line) => logged.push(line) })
  const app = await openApp(config, { version: 'test', log, warn: () => {} })
  const url = (await app.listen()).replace('localhost', '127.0.0.1')
  return {
    ...(await foundTown(url, options)),
    app,
    db,
    logged,
    async close() {
      await app.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** A call with a device's session, or with the token given, or without any. */
export async function call(
  { url }: Pick<Town, 'url'>,
  path: string,
  { as, token, ...init }: { as?: SmarakClient; token?: string } & RequestInit = {},
): Promise<Response> {
  const bearer = token ?? (as && (await tokenOf(as)))
  return fetch(url + path, {
    ...init,
    headers: { ...(bearer ? { authorization: `Bearer ${bearer}` } : {}), ...init.headers },
  })
}

export async function tokenOf(client: SmarakClient): Promise<string> {
  return (await client.device.transport.session()).token
}

/** An item of this device to close a device of its own person. */
export function revocation(client: SmarakClient, device = client.device.keys.id): Promise<Envelope> {
  const fields = new Map().set(1, fromBase64url(client.device.person)).set(2, fromBase64url(device))
  return client.device.acts.actAs('device-revoke', fields)
}

export type Answered = { index: number; leaf: Bytes } | { code: string; details: Record<string, unknown> }

/** Sends these bytes to `POST /items`, whatever they are. */
export function postBytes({ url }: Pick<Town, 'url'>, body: Uint8Array<ArrayBuffer>): Promise<Response> {
  return fetch(`${url}/items`, { method: 'POST', headers: { 'content-type': 'application/cbor' }, body })
}

/** Sends envelopes in one request; the answer of each. */
export async function send(enemy: Pick<Town, 'url'>, ...envelopes: (Envelope | Bytes)[]): Promise<Answered[]> {
  const bytes = envelopes.map((one) => (one instanceof Uint8Array ? one : writeEnvelope(one)))
  const response = await postBytes(enemy, encode(bytes.map(decode)))
  assert.equal(response.status, 200)
  const answers = readItemAnswers(new Uint8Array(await response.arrayBuffer()))
  return answers.map((answer) => {
    if (answer.accepted) return { index: answer.index, leaf: answer.leaf }
    worded(answer.code)
    return { code: answer.code, details: answer.details }
  })
}

/** The code an envelope is refused with; fails when it is not. */
export async function refused(enemy: Pick<Town, 'url'>, envelope: Envelope | Bytes): Promise<string> {
  const [answer] = await send(enemy, envelope)
  return answer && 'code' in answer ? answer.code : assert.fail('it was accepted')
}

/** The code of a refused call. */
export async function codeOf(response: Response): Promise<string> {
  const { code } = (await response.json()) as { code: string }
  worded(code)
  return code
}

/** Whoever gets this code reads a sentence of his language, and not the one for faults of ours. */
export function worded(code: string): void {
  for (const lang of ['bn', 'en'] as const) {
    const sentence = sayIfKnown(lang, `errors.${code}`)
    assert.ok(sentence, `${code} has words (${lang})`)
    assert.ok(code === 'internal' || sentence !== sayIfKnown(lang, 'errors.internal'), code)
  }
}
