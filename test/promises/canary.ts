/**
 * The server cannot read: a real server in a process of its own, over the PostgreSQL that npm brought, carries letters,
 * answers and notices between real clients; then everything it has, in memory, on disk and on the wire to somebody the
 * letters were not for, is searched for their words and for the keys that open them.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import type { SmarakClient } from '../../client/client.ts'
import { type Bytes, randomBytes } from '../../core/bytes.ts'
import { idText } from '../../core/item.ts'
import type { PromiseTest } from '../../scripts/promises.ts'
import { type Found, needlesOfBytes, needlesOfText, Search, type Searched, sum } from '../helpers/needles.ts'
import { foundTown, type Town, townLetter } from '../helpers/town.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const PARAGRAPHS = 5
const OPEN = 'open name'
const TOKEN = 'token'
const BANGLA = 'কখগঘচছজঝটঠডঢতথদধনপফবভমযরলশষসহ'

export type CanaryOptions = { directives: number; upazilas: number; tell?: (line: string) => void }
export type CanaryFigures = {
  /** How many different sealed texts were sent, and how many of them their readers read. */
  sealed: number
  read: number
  letters: number
  answers: number
  notices: number
  /** What of the sealed was found, and where. */
  found: Found[]
  /** Where the open name was found: all of `places`, or the search is blind there. */
  seen: string[]
  /** Every place searched, with its size; memory is missing where this system does not let us look. */
  places: Record<string, { bytes: number; parts: number }>
}

export async function tryCanaries({ directives, upazilas, tell = () => {} }: CanaryOptions): Promise<CanaryFigures> {
  const directory = await mkdtemp(join(tmpdir(), 'smk-'))
  const dataDir = join(directory, 'data')
  const words = new Words()
  const server = await serve(dataDir, directory)
  try {
    await sharpen(dataDir)
    const town = await foundTown(server.url, { upazilas, office: { bn: words.open.bangla, en: words.open.latin } })
    const people = await gather(town, upazilas)
    tell(`${people.unos.length + 2} officials have joined`)
    const sent = await correspond(town, people, words, directives)
    tell(
      `${words.count} texts are sealed, in ${sent.letters} letters, ${sent.answers} answers, ${sent.notices} notices`,
    )
    const read = await readBack(town, people, words)
    const secrets = await secretsOf(people, sent.ids)

    const search = new Search([
      ...words.needles,
      ...secrets.texts.flatMap(({ name, text }) => needlesOfText(name, text)),
      ...secrets.keys.flatMap(({ name, key }) => needlesOfBytes(name, key)),
      ...secrets.tokens.flatMap((text) => needlesOfText(TOKEN, text)),
      ...needlesOfText(OPEN, words.open.bangla),
      ...needlesOfText(OPEN, words.open.latin),
    ])
    const figures: CanaryFigures = {
      ...{ sealed: words.count, read, letters: sent.letters, answers: sent.answers, notices: sent.notices },
      ...{ found: [], seen: [], places: {} },
    }
    /** A session's token passes through the server's memory at each call; what it keeps, `atRest`, is a hash. */
    const note = (place: string, searched: Searched | null, atRest = false) => {
      if (!searched) return
      const { bytes, parts } = searched
      figures.places[place] = { bytes, parts }
      if (searched.found.some(({ name }) => name === OPEN)) figures.seen.push(place)
      const found = searched.found.filter(({ name }) => name !== OPEN && (atRest || name !== TOKEN))
      figures.found.push(...found)
      tell(`${place}: ${parts} parts, ${megabytes(bytes)}, ${found.length} found`)
    }
    const answers = await harvest(town, people, sent.ids)
    note('answers to a stranger', sum(answers.map(({ path, body }) => search.inBytes(path, body))), true)
    note('memory', await inMemory(search, server.pid, dataDir))
    note('heap snapshot', await search.inFile('heap snapshot', await server.snapshot()))
    const tables = await dump(dataDir)
    note('tables', sum(tables.map(({ name, rows }) => search.inBytes(name, rows))), true)
    await server.stop()
    note('data directory', await search.inDirectory(dataDir), true)
    note('log', search.inBytes('log', server.said()), true)
    return figures
  } finally {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

/** Texts nobody else writes: each a stem of this run alone and a number, by turns in Bangla and in Latin letters. */
class Words {
  readonly #bangla = pick(BANGLA, 12)
  readonly #latin = pick('bcdfghjklmnpqrstvwxz', 16)
  readonly open = { bangla: pick(BANGLA, 12), latin: pick('bcdfghjklmnpqrstvwxz', 16) }
  count = 0

  next(): string {
    const n = this.count++
    return n % 2 === 0
      ? `${this.#bangla}${String(n).replace(/\d/g, (digit) => '০১২৩৪৫৬৭৮৯'[Number(digit)]!)}`
      : `${this.#latin}${n}`
  }

  /** Whoever finds a stem has found a canary; looking for the two is looking for all. */
  get needles() {
    return [...needlesOfText('canary', this.#bangla), ...needlesOfText('canary', this.#latin)]
  }

  /** The canaries in a text. */
  in(text: string): string[] {
    return text.match(new RegExp(`(?:${this.#bangla}[০-৯]+|${this.#latin}[0-9]+)`, 'g')) ?? []
  }
}

function pick(alphabet: string, length: number): string {
  return [...randomBytes(length)].map((byte) => alphabet[byte % alphabet.length]!).join('')
}

type People = { ds: SmarakClient; unos: SmarakClient[]; stranger: SmarakClient; codes: string[]; recovery: string }

async function gather(town: Town, upazilas: number): Promise<People> {
  const codes: string[] = []
  const join = async (person: string) => {
    codes.push(await town.code(person))
    const client = await town.official(person, { code: codes.at(-1)! })
    await client.sync()
    return client
  }
  const ds = await join('ds')
  const unos: SmarakClient[] = []
  for (let i = 1; i <= upazilas; i++) unos.push(await join(`uno${i}`))
  const stranger = await join('uno-far')
  return { ds, unos, stranger, codes, recovery: await unos[0]!.recoveryCode() }
}

/** Letters out, answers back, and all but the last letter ended with a reason: half cancelled, half superseded. */
async function correspond(town: Town, { ds, unos }: People, words: Words, directives: number) {
  const ids: string[] = []
  for (let i = 0; i < directives; i++) {
    const parts = Array.from({ length: PARAGRAPHS }, (_, n) => ({ label: `paragraph:${n}`, value: words.next() }))
    const summary = { memo: words.next(), subject: words.next(), date: '2024-10-22', issuer: words.next() }
    const { id } = await ds.issue({ ...townLetter(town), summary, parts }, () => {})
    ids.push(id)
  }
  for (const [i, uno] of unos.entries()) {
    const post = town.id('post', `uno${i + 1}`)
    await uno.sync()
    for (const directive of ids)
      await uno.answer({ directive, post, clauses: ['ক'], state: 'done', until: null, note: words.next() })
    await uno.sync()
  }
  await ds.sync()
  const successor = ids.at(-1)!
  for (const [i, id] of ids.slice(0, -1).entries()) {
    if (i % 2 === 0) await ds.cancel(id, words.next())
    else await ds.supersede(id, successor, words.next())
  }
  await ds.sync()
  return { ids, letters: ids.length, answers: ids.length * unos.length, notices: ids.length - 1 }
}

/** How many canaries reached whom they were for, through the server and open again. */
async function readBack(town: Town, { ds, unos }: People, words: Words): Promise<number> {
  const read = new Set<string>()
  const take = (value: unknown) => {
    for (const canary of words.in(JSON.stringify(value))) read.add(canary)
  }
  const [reader] = unos
  await reader!.sync()
  for (const row of reader!.rows) take((await reader!.open(row.id, row.post)).parts)
  for (const { header } of reader!.device.proven.acts()) take(reader!.device.mirror.text(idText(header.id)))
  for (const { id } of ds.rows) for (const i of unos.keys()) take(await ds.thread(id, town.id('post', `uno${i + 1}`)))
  return read.size
}

/** Keys and codes that open things: what the server must never have held. */
async function secretsOf({ ds, unos, codes, recovery }: People, ids: string[]) {
  const keys: { name: string; key: Bytes }[] = []
  for (const client of [ds, unos[0]!]) {
    const { rings, proven, person } = client.device
    for (const party of [person, ...proven.directory.postsOf(person).map(({ post }) => post)]) {
      const { generation } = proven.directory.ring(party)!
      keys.push({ name: 'ring seed', key: (await rings.seedOf(party, generation))!.seed })
    }
  }
  for (const id of ids.slice(0, 2)) keys.push({ name: 'item key', key: await ds.device.mirror.keyOf(id) })
  const texts = [codes[0]!, codes[1]!, recovery].flatMap((code) => [
    { name: 'code', text: code },
    { name: 'code', text: code.replaceAll('-', '') },
  ])
  const tokens = await Promise.all([ds, ...unos].map(async (one) => (await one.device.transport.session()).token))
  return { keys, texts, tokens }
}

/** All that the server says to a device with a session of its own, to whom nothing of this was written. */
async function harvest(town: Town, { stranger }: People, ids: string[]) {
  const { transport } = stranger.device
  const { token } = await transport.session()
  const answers: { path: string; body: Uint8Array }[] = []
  const ask = async (path: string) => {
    const response = await fetch(town.url + path, { headers: { authorization: `Bearer ${token}` } })
    answers.push({ path, body: new Uint8Array(await response.arrayBuffer()) })
    return response.status
  }
  const keep = transport.wire.ask.bind(transport.wire)
  transport.wire.ask = async (asked) => {
    const reply = await keep(asked)
    answers.push({ path: asked.path, body: reply.body })
    return reply
  }
  const posts = ['ds', 'dc', 'uno1', 'uno-far'].map((code) => town.id('post', code))
  await transport.sync(
    posts.map((post) => [post, 0]),
    0,
  )
  await transport.directory(posts, 0, [])
  for (const path of ['/api/service', '/api/names', '/api/me', '/checkpoint']) await ask(path)
  for (let n = 0; (await ask(`/tile/entries/${String(n).padStart(3, '0')}`)) === 200; n++);
  for (const id of ids) {
    for (const n of [0, 1]) await ask(`/api/items/${id}/sections/${n}`)
    for (const post of posts) await ask(`/api/threads/${id}/${post}`)
    for (const view of ['board', 'rows', 'curve', 'summary']) await ask(`/api/directives/${id}/${view}`)
    await ask(`/api/proof/${id}`)
  }
  return answers
}

async function inMemory(search: Search, server: number, dataDir: string): Promise<Searched | null> {
  const all: Searched[] = []
  // What PostgreSQL's processes share is looked at once.
  const pids = [server, ...(await postgresOf(dataDir))]
  for (const [i, pid] of pids.entries()) {
    const searched = await search.inMemory(i === 0 ? 'server' : 'PostgreSQL', pid, { shared: i < 2 })
    if (searched) all.push(searched)
    else if (i === 0) return null
  }
  return { ...sum(all), parts: all.length }
}

/** PostgreSQL's first process and all it has begun. */
async function postgresOf(dataDir: string): Promise<number[]> {
  const [pid] = await postmasterLines(dataDir)
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return [Number(pid), ...children.split(' ').filter(Boolean).map(Number)]
}

async function postmasterLines(dataDir: string): Promise<string[]> {
  return (await readFile(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8')).split('\n')
}

async function connect(dataDir: string): Promise<pg.Client> {
  const socket = (await postmasterLines(dataDir))[4]!
  const client = new pg.Client(`postgresql://smarak@${encodeURIComponent(socket)}:5432/smarak`)
  await client.connect()
  return client
}

const OURS = `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`

/**
 * Makes PostgreSQL say more than it does in life: every statement with its values goes to its log, and nothing is
 * compressed, neither in tables nor in the WAL, so that a text which ever got there can be seen there.
 */
async function sharpen(dataDir: string): Promise<void> {
  const client = await connect(dataDir)
  try {
    for (const setting of ["log_statement = 'all'", "log_error_verbosity = 'default'", 'wal_compression = off'])
      await client.query(`ALTER SYSTEM SET ${setting}`)
    await client.query('SELECT pg_reload_conf()')
    const columns = await client.query<{ name: string; column: string }>(
      `SELECT a.attrelid::regclass::text AS name, quote_ident(a.attname) AS column FROM pg_attribute a
        WHERE a.attrelid IN (SELECT name::regclass FROM (${OURS}) t) AND a.attnum > 0 AND a.attstorage = 'x'`,
    )
    for (const { name, column } of columns.rows)
      await client.query(`ALTER TABLE ${name} ALTER COLUMN ${column} SET STORAGE EXTERNAL`)
  } finally {
    await client.end()
  }
}

/** Every row of every table, as text; bytes stand in it as hexadecimal. */
async function dump(dataDir: string): Promise<{ name: string; rows: Buffer }[]> {
  const client = await connect(dataDir)
  try {
    const tables = await client.query<{ name: string }>(OURS)
    const dumped: { name: string; rows: Buffer }[] = []
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
      dumped.push({ name, rows: Buffer.from(rows.map(({ row }) => row).join('\n')) })
    }
    return dumped
  } finally {
    await client.end()
  }
}

/** A server that says everything it can, and gives a snapshot of its heap on a signal. */
async function serve(dataDir: string, directory: string) {
  const flags = [
    '--heapsnapshot-signal=SIGUSR2',
    `--diagnostic-dir=${directory}`,
    '--heap-snapshot-string-limit=4000000000',
  ]
  const args = ['main.ts', 'serve', '--data', dataDir, '--port', '0', '--json', '--log-level', 'trace']
  const child = spawn(process.execPath, [...flags, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => said.push(part))
  const exit = once(child, 'exit')
  const first = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    void exit.then(([code]) => reject(new Error(`The server ended with ${code}: ${Buffer.concat(said)}`)))
  })
  const url = (JSON.parse(first) as { url: string }).url.replace('localhost', '127.0.0.1')
  return {
    url,
    pid: child.pid!,
    said: () => Buffer.concat(said),
    async snapshot(): Promise<string> {
      child.kill('SIGUSR2')
      for (;;) {
        const name = (await readdir(directory)).find((one) => one.endsWith('.heapsnapshot'))
        if (!name) await new Promise((resolve) => setTimeout(resolve, 20))
        // It is written before anything else is answered.
        else if ((await fetch(`${url}/checkpoint`)).ok) return join(directory, name)
      }
    },
    async stop(): Promise<void> {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await exit
    },
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

export const promise: PromiseTest = {
  name: 'canary',
  says: 'The server cannot read: 1,000 sealed texts, and the keys that open them, are nowhere it has been.',
  async run() {
    const { sealed, read, letters, answers, notices, found, seen, places } = await tryCanaries({
      directives: 50,
      upazilas: 12,
      tell: (line) => console.error(`  ${line}`),
    })
    for (const one of found.slice(0, 20)) console.error(`  found: ${one.name} as ${one.form} in ${one.where}`)
    const blind = Object.keys(places).filter((place) => place !== 'log' && !seen.includes(place))
    const searched = Object.entries(places).map(([place, { bytes }]) => `${place} ${megabytes(bytes)}`)
    const memory = places.memory ? '' : '; memory could not be looked at on this system'
    return {
      kept: found.length === 0 && blind.length === 0 && sealed >= 1_000 && read === sealed,
      figures:
        `${sealed} sealed texts in ${letters} letters, ${answers} answers and ${notices} notices, ${read} of them read by ` +
        `their readers; ${found.length} found, nor any key or code, in ${searched.join(', ')}; an open name was found in ` +
        `${blind.length === 0 ? 'each but the log' : `each but ${blind.join(', ')}`}${memory}`,
    }
  },
}
