import type { Ask, Reply, Wire } from '../../client/wire.ts'
import type { Bytes } from '../../core/bytes.ts'
import { type Cbor, type CborMap, decode, encode } from '../../core/cbor.ts'

/** Changes what a server answers; `undefined` leaves it as it is. */
export type Lie = (ask: Ask, reply: Reply) => Reply | undefined | Promise<Reply | undefined>

/** A wire to a true server with a liar in between. He lies while `lie` is set. */
export class Liar {
  lie: Lie | null = null
  readonly wire: Wire

  constructor(honest: Wire) {
    this.wire = {
      used: honest.used,
      ask: async (ask) => {
        const reply = await honest.ask(ask)
        return (await this.lie?.(ask, reply)) ?? reply
      },
      live: (path, hello, events) => honest.live(path, hello, events),
    }
  }
}

/** The reply with its CBOR map changed in place. */
export function changed(reply: Reply, change: (map: CborMap) => void): Reply {
  const map = decode(reply.body) as CborMap
  change(map)
  return { ...reply, body: encode(map) }
}

/** The entries of a bundle or sync reply. */
export function entriesIn(map: CborMap): CborMap[] {
  return map.get(Array.isArray(map.get(3)) && isEntry((map.get(3) as Cbor[])[0]) ? 3 : 4) as CborMap[]
}

function isEntry(value: Cbor | undefined): boolean {
  return value instanceof Map
}

/** One bit of a byte string turned over. */
export function flipped(bytes: Bytes): Bytes {
  const out = bytes.slice()
  out[out.length >> 1]! ^= 1
  return out
}
