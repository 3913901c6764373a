/**
 * An accepted item is never lost, never there twice, and keeps its place: a real server is killed under load, or its
 * PostgreSQL, or both; every answer it ever gave is held against what is there in the end.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bytes, equal, toHex } from '../../core/bytes.ts'
import { sha256 } from '../../core/hash.ts'
import { type Envelope, readCose, writeEnvelope } from '../../core/item.ts'
import { decodeLeaf } from '../../core/leaf.ts'
import type { PromiseTest } from '../../scripts/promises.ts'
import { readWholeLog } from '../helpers/log-at-rest.ts'
import { logKeyOf, post, Registrar } from '../helpers/registrar.ts'
import { postgresPid, type Served, serve } from '../helpers/serve.ts'

export type KillOptions = { kills: number; items: number; clients: number; tell?: (line: string) => void }
export type KillFigures = {
  kills: number
  accepted: number
  inLog: number
  lost: number
  doubled: number
  moved: number
  refused: number
  repeats: number
  /** Longest time from a kill to the next accepted item, ms. */
  slowestReturn: number
}

type Given = { index: number; leaf: Bytes }

export async function tryKills({ kills, items, clients, tell = () => {} }: KillOptions): Promise<KillFigures> {
  const directory = await mkdtemp(join(tmpdir(), 'smk-'))
  const dataDir = join(directory, 'data')
  let server: Served = await serve(dataDir)
  let moved = 0
  let refused = 0
  let repeats = 0
  let lastAccepted = performance.now()
  let slowestReturn = 0
  /** The oracle: every answer that was ever received, by the hash of the item. */
  const journal = new Map<string, Given>()
  const sent: Bytes[] = []
  try {
    const logKey = await logKeyOf(server.url)
    const registrar = await Registrar.open()
    const first: Envelope[] = [await registrar.root(logKey)]
    for (let i = 0; i < 30; i++) first.push(await registrar.person())
    take(first, await post(server.url, first.map(writeEnvelope)))
    for (const { cose } of first.slice(1)) registrar.settle(readCose(cose).header.id)

    let done = false
    const workers = Array.from({ length: clients }, (_, i) => client(i))
    for (let kill = 0; kill < kills; kill++) {
      await acceptedUpTo(Math.ceil((items * (kill + 1)) / (kills + 1)))
      await pause(Math.random() * 40) // anywhere in a batch, in its commit, or while answers go out
      const at = performance.now()
      await strike(kill)
      await acceptedSince(at)
      slowestReturn = Math.max(slowestReturn, performance.now() - at)
      tell(
        `kill ${kill + 1} of ${kills}: back after ${Math.round(performance.now() - at)} ms, ${journal.size} accepted`,
      )
    }
    await acceptedUpTo(items)
    done = true
    await Promise.all(workers)
    await server.stop()
    server = await serve(dataDir) // what counts is what a fresh server finds
    const leaves = await readWholeLog(server.url, logKey)
    return {
      kills,
      accepted: journal.size,
      inLog: leaves.length,
      refused,
      repeats,
      slowestReturn,
      moved,
      ...judge(leaves),
    }

    /** Server, PostgreSQL and both in turn. */
    async function strike(kill: number): Promise<void> {
      const postgres = await postgresPid(dataDir)
      if (kill % 3 !== 0 && postgres) process.kill(postgres, 'SIGKILL')
      if (kill % 3 === 1) return // the server stays, and must find PostgreSQL again by itself
      await server.kill()
      server = await serve(dataDir)
    }

    /** Sends until told to stop; whatever gets no answer is sent again, and now and then what got one. */
    async function client(seed: number): Promise<void> {
      let pending: Envelope[] = []
      while (!done) {
        const wanted = 1 + ((seed * 7 + journal.size) % 24)
        while (pending.length < wanted) pending.push(await registrar.person())
        const old = Math.random() < 0.1 ? sent[Math.floor(Math.random() * sent.length)] : undefined
        const batch = pending.map(writeEnvelope)
        if (old) {
          batch.push(old)
          repeats += 1
        }
        try {
          const answers = await post(server.url, batch)
          const unanswered = take(pending, answers)
          if (old) hold(answers.at(-1)!)
          pending = unanswered
          if (unanswered.length > 0) await pause(50)
        } catch {
          await pause(20) // nobody there, or gone before the answer: the same bytes go out again
        }
      }
    }
  } finally {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  }

  /** Writes answers down; gives back what must be sent again. */
  function take(envelopes: Envelope[], answers: Awaited<ReturnType<typeof post>>): Envelope[] {
    return envelopes.filter((envelope, i) => {
      const bytes = writeEnvelope(envelope)
      if (sent.length < 5_000) sent.push(bytes)
      return !hold(answers[i]!, envelope)
    })
  }

  function hold(answer: Awaited<ReturnType<typeof post>>[number], envelope?: Envelope): boolean {
    if ('code' in answer) {
      refused += 1
      if (answer.code !== 'database_unavailable' && answer.code !== 'disk_full') throw new Error(answer.code)
      return false
    }
    const name = envelope ? toHex(sha256(envelope.cose)) : toHex(decodeLeaf(answer.leaf).item)
    const before = journal.get(name)
    if (before && (before.index !== answer.index || !equal(before.leaf, answer.leaf))) moved += 1
    if (!before) journal.set(name, answer)
    lastAccepted = performance.now()
    return true
  }

  async function acceptedUpTo(count: number): Promise<void> {
    while (journal.size < count) await pause(5)
  }

  async function acceptedSince(at: number): Promise<void> {
    for (const end = at + 60_000; lastAccepted <= at; ) {
      if (performance.now() > end) throw new Error('Nothing is accepted a minute after a kill')
      await pause(5)
    }
  }

  function judge(leaves: Bytes[]): { lost: number; doubled: number } {
    const items = leaves.map((leaf) => toHex(decodeLeaf(leaf).item))
    const doubled = items.length - new Set(items).size
    let lost = 0
    for (const [item, { index, leaf }] of journal) if (items[index] !== item || !equal(leaves[index]!, leaf)) lost += 1
    return { lost, doubled }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

export const promise: PromiseTest = {
  name: 'kill',
  says: 'an accepted item is never lost, never twice, and keeps its place through kill -9 of server and database',
  async run() {
    const figures = await tryKills({
      kills: 20,
      items: 100_000,
      clients: 16,
      tell: (line) => console.error(`  ${line}`),
    })
    const { kills, accepted, inLog, lost, doubled, moved, repeats, slowestReturn } = figures
    return {
      kept: lost === 0 && doubled === 0 && moved === 0 && kills === 20 && accepted >= 100_000,
      figures:
        `${kills} kills, ${accepted} accepted, ${inLog} in the log, ${lost} lost, ${doubled} doubled, ${moved} moved, ` +
        `${repeats} repeats, back within ${Math.round(slowestReturn)} ms`,
    }
  },
}
