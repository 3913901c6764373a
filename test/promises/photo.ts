/**
 * An answer with a photograph arrives whole, and once, over a line of 50 kbit/s that is cut three times while it is on its way;
 * at the last cut the tab is killed too, and another goes on from what lies on the device.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SmarakClient } from '../../client/client.ts'
import { processLock } from '../../client/lock.ts'
import { MemoryStore } from '../../client/memory-store.ts'
import { openDoor } from '../../client/smarak.ts'
import { openWire } from '../../client/wire.ts'
import { type Bytes, equal, randomBytes } from '../../core/bytes.ts'
import type { PromiseTest } from '../../scripts/promises.ts'
import { startProxy } from '../helpers/proxy.ts'
import { serve } from '../helpers/serve.ts'
import { foundTown, type Town, townLetter } from '../helpers/town.ts'

export type PhotoOptions = {
  /** Bytes. */
  size: number
  bytesPerSecond: number
  /** There and back. */
  roundTripMs: number
  /** How long each cut lasts. */
  awayMs: number
}

export type PhotoFigures = {
  seconds: number
  size: number
  /** Bytes that left the device, everything included, from the tap on. */
  sent: number
  cuts: number
  /** Answers in the thread. */
  answers: number
  /** Whether the reader at the other end got the very file. */
  whole: boolean
}

export async function tryPhoto(town: Town, options: PhotoOptions): Promise<PhotoFigures> {
  const { size, bytesPerSecond, roundTripMs, awayMs } = options
  const ds = await town.official('ds')
  const store = new MemoryStore()
  const proxy = await startProxy({ port: Number(new URL(town.url).port) })
  const lock = processLock()
  const open = () => {
    const wire = openWire({ origin: `http://127.0.0.1:${proxy.port}` })
    return openDoor({ store, wire, lock, label: 'phone', live: true, undoFor: 0, random: () => 0 })
  }
  let uno = (await open().join(await town.code('uno1'))) as SmarakClient
  try {
    const { id } = await ds.issue(townLetter(town), () => {})
    await uno.sync()
    const post = town.id('post', 'uno1')

    proxy.set({ bytesPerSecond, latencyMs: roundTripMs / 2 })
    const photo = photograph(size)
    const file = await uno.addFile({ name: 'সেতু.jpg', type: 'image/jpeg', bytes: photo })
    const [start, sentBefore] = [performance.now(), proxy.counts.up]
    const answering = { directive: id, post, clauses: ['ক'], state: 'done' as const, until: null }
    await uno.answer({ ...answering, note: 'সেতু মেরামত হয়েছে', files: [file] })

    let cuts = 0
    for (const part of [0.25, 0.5, 0.75]) {
      await sentOf(proxy, sentBefore + size * part)
      proxy.cut()
      cuts += 1
      if (part === 0.75) {
        uno.session.stop()
        uno = (await open().saved()) as SmarakClient
      }
      await pause(awayMs)
      proxy.restore()
    }
    for (const end = performance.now() + 300_000; uno.outbox.length > 0; ) {
      if (performance.now() > end) throw new Error(`It waits for ever: ${JSON.stringify(uno.outbox)}`)
      await pause(20)
    }
    const seconds = (performance.now() - start) / 1000
    const sent = proxy.counts.up - sentBefore

    await ds.sync()
    const answers = await ds.thread(id, post)
    const [seen] = answers[0]?.files ?? []
    const whole = seen !== undefined && equal(await ds.fetchFile(seen), photo)
    return { seconds, size, sent, cuts, answers: answers.length, whole }
  } finally {
    uno.session.stop()
    await proxy.close()
  }
}

/** As incompressible as a JPEG. */
function photograph(size: number): Bytes {
  const photo = new Uint8Array(size)
  for (let at = 0; at < size; at += 65_536) photo.set(randomBytes(Math.min(65_536, size - at)), at)
  return photo
}

async function sentOf({ counts }: { counts: { up: number } }, bytes: number): Promise<void> {
  for (const end = performance.now() + 120_000; counts.up < bytes; ) {
    if (performance.now() > end) throw new Error('Nothing more is sent')
    await pause(5)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

export const promise: PromiseTest = {
  name: 'photo',
  says: 'an answer with a photograph arrives whole, once, over 50 kbit/s and 700 ms, cut three times',
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'smk-'))
    const server = await serve(join(directory, 'data'))
    try {
      const line = { bytesPerSecond: 6_250, roundTripMs: 700, awayMs: 3_000 }
      const { seconds, size, sent, cuts, answers, whole } = await tryPhoto(await foundTown(server.url), {
        size: 200_000,
        ...line,
      })
      return {
        // What a cut may cost is the chunk that was on its way: three of 32 KiB.
        kept: whole && answers === 1 && cuts === 3 && sent < size + 3 * 32_768 + 30_000,
        figures:
          `${size} bytes, ${cuts} cuts of ${line.awayMs / 1000} s, ${answers} answer in ${seconds.toFixed(1)} s, ` +
          `${sent} bytes sent (${(sent / size).toFixed(2)} times the file), ${whole ? 'whole' : 'damaged'}`,
      }
    } finally {
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    }
  },
}
