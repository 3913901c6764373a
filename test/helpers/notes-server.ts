/** The notes of `notes.ts` behind a real port. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bytes, fromBase64url, randomBytes, toBase64url, utf8 } from '../../core/bytes.ts'
import { type Cbor, decode, encode } from '../../core/cbor.ts'
import { type Envelope, idText, thumbprint } from '../../core/item.ts'
import type { Db } from '../../server/db.ts'
import { openLog } from '../../server/log.ts'
import { type LogKey, logKeyFromSeed } from '../../server/log-key.ts'
import { openService, type Service, type ServiceNeeds } from '../../server/service.ts'
import {
  type Answer,
  type Author,
  makeNote,
  makeNoteTable,
  makeRoot,
  Notebook,
  newAuthor,
  notesFeature,
  readAnswers,
  requestOf,
} from './notes.ts'

/** A person with a device that is signed in. */
export type Member = { person: string; device: Author; token: string }

export type NotesServer = {
  url: string
  service: Service
  notes: Notebook
  key: LogKey
  /** The root key. */
  author: Author
  /** What the server logged. */
  logged: Record<string, unknown>[]
  send(...envelopes: Envelope[]): Promise<Answer[]>
  /** Makes a person's device known and signs it in. */
  join(posts?: string[], person?: Bytes): Promise<Member>
  signIn(device: Author): Promise<Response>
  /** A call with or without a session; CBOR where a map is given. */
  call(
    path: string,
    options?: { as?: Member; body?: Cbor; method?: string; headers?: Record<string, string> },
  ): Promise<Response>
  cbor(path: string, options?: Parameters<NotesServer['call']>[1]): Promise<Map<number, Cbor>>
  close(): Promise<void>
}

export async function openNotesServer(db: Db, options: Partial<ServiceNeeds> = {}): Promise<NotesServer> {
  await makeNoteTable(db)
  const directory = await mkdtemp(join(tmpdir(), 'smarak-notes-'))
  const key = await logKeyFromSeed(randomBytes(32))
  const notes = new Notebook()
  const logged: Record<string, unknown>[] = []
  const service = await openService({
    db,
    key,
    checkpointFile: join(directory, 'checkpoint'),
    journal: join(directory, 'given-back'),
    state: { notes },
    features: [notesFeature(notes)],
    people: notes.people,
    ticketParties: () => undefined,
    web: join(directory, 'web'),
    log: openLog('info', { write: (line) => logged.push(JSON.parse(line)) }),
    demo: false,
    version: 'test',
    ...options,
  })
  const url = (await service.listen('127.0.0.1', 0)).replace('localhost', '127.0.0.1')

  const call: NotesServer['call'] = (path, { as, body, method, headers } = {}) =>
    fetch(url + path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(as ? { authorization: `Bearer ${as.token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/cbor' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: encode(body) }),
    })
  const send: NotesServer['send'] = async (...envelopes) => {
    const response = await call('/items', { body: decode(requestOf(envelopes)) })
    if (response.status !== 200) throw new Error(await response.text())
    return readAnswers(decode(new Uint8Array(await response.arrayBuffer())))
  }
  const signIn: NotesServer['signIn'] = async (device) => {
    const id = idText(thumbprint(device.key.publicKey))
    const post = (body: object) =>
      fetch(`${url}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const { challenge } = (await (await post({ device: id })).json()) as { challenge: string }
    const signature = await device.key.sign(utf8(`smarak sign-in v1\n${key.origin}\n${challenge}`))
    return post({ device: id, challenge, signature: toBase64url(signature) })
  }

  const author = await newAuthor()
  await send(await makeRoot(author, await newAuthor(), key))
  return {
    url,
    service,
    notes,
    key,
    author,
    logged,
    send,
    signIn,
    call,
    async cbor(path, options) {
      const response = await call(path, options)
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
      return decode(new Uint8Array(await response.arrayBuffer())) as Map<number, Cbor>
    },
    async join(posts = [], person = randomBytes(16)) {
      const device = await newAuthor('device')
      await send(await makeNote(author, 'joins', { party: person, newKey: device.key.publicKey }))
      notes.posts.set(idText(person), posts)
      const { token } = (await (await signIn(device)).json()) as { token: string }
      return { person: idText(person), device, token }
    },
    async close() {
      await service.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The body of `/api/sync`. */
export function syncAsk(cursors: [party: string, cursor: number][], known = 0): Cbor {
  return new Map<number, Cbor>([
    [1, cursors.map(([party, cursor]): Cbor => [fromBase64url(party), cursor])],
    [2, known],
  ])
}
