import { fromUtf8 } from '../core/bytes.ts'
import { openCheckpoint } from '../core/checkpoint.ts'
import { Refusal } from '../core/refusal.ts'
import { TILE_WIDTH, tilePath } from '../core/tile.ts'
import type { Device } from './device.ts'
import type { ConnectionCheck } from './views.ts'

const ROUNDS = 3
/** A server's clock is told in whole seconds: half of one is what it is off by on average. */
const HALF_SECOND = 500

/**
 * How the way to the server is just now, for the officer himself: asked of the server's public addresses only, and nothing of
 * what is found is sent anywhere. Never rejects for the network: what failed stands in the answer.
 */
export async function checkWay(device: Device): Promise<Omit<ConnectionCheck, 'live' | 'lastSync' | 'problem'>> {
  const { transport, proven, now } = device
  const found = {
    online: false,
    roundTrip: null as number | null,
    rate: null as number | null,
    clockOff: null as number | null,
  }
  const seen = { verified: null as ConnectionCheck['verified'] }
  try {
    for (let i = 0; i < ROUNDS; i++) {
      const began = now()
      const reply = await transport.wire.ask({ method: 'GET', path: '/checkpoint' })
      const took = now() - began
      found.online = reply.status < 500
      if (found.roundTrip === null || took < found.roundTrip) {
        found.roundTrip = took
        if (reply.date !== undefined) found.clockOff = now() - took / 2 - (reply.date + HALF_SECOND)
      }
      if (i === 0 && reply.status === 200) seen.verified = await verdict(device, fromUtf8(reply.body))
    }
    if (proven.seen.size > 0) found.rate = await rateOf(device, found.roundTrip!)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // No answer: that is what was asked.
  }
  return { ...found, ...seen, at: now() }
}

/** Whether the server's checkpoint is signed by the log's key and no shorter than what this device has proven. */
async function verdict({ proven }: Device, text: string): Promise<'good' | 'bad' | 'behind'> {
  try {
    const { size } = await openCheckpoint(text, proven.root.logKey)
    return size < proven.seen.size ? 'behind' : 'good'
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return 'bad'
  }
}

/** Bytes a second of one small fetch: a public tile of entries, some ten kilobytes once the log has as many. */
async function rateOf({ transport, proven, now }: Device, roundTrip: number): Promise<number | null> {
  const { size } = proven.seen
  const path = tilePath({ level: 'entries', index: 0, width: Math.min(size, TILE_WIDTH) })
  const began = now()
  const { status, body } = await transport.wire.ask({ method: 'GET', path: `/${path}` })
  const took = Math.max(now() - began - roundTrip / 2, 1)
  return status === 200 ? Math.round((body.length * 1000) / took) : null
}
