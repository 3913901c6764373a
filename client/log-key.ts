import type { Bytes } from '../core/bytes.ts'
import { decode } from '../core/cbor.ts'
import { parseVerifierKey } from '../core/note.ts'
import { Refusal } from '../core/refusal.ts'
import type { Wire } from './wire.ts'

/**
 * The log's key and origin as the server shows them before there is a root to vouch for them: the root will name both. Throws
 * `Refusal`: `offline`, `bad_bytes` where something else than Smarak answers.
 */
export async function logKeyOf(wire: Wire): Promise<{ publicKey: Bytes; origin: string }> {
  const { status, body } = await wire.ask({ method: 'GET', path: '/api/service' })
  const text = status === 200 ? keyIn(body) : undefined
  if (typeof text !== 'string') throw new Refusal('bad_bytes', 'The server did not name the key of its log')
  const { name, publicKey } = parseVerifierKey(text)
  return { publicKey, origin: name }
}

function keyIn(body: Bytes): unknown {
  try {
    const described = decode(body)
    return described instanceof Map ? described.get(7) : undefined
  } catch {
    return undefined // a page of some other server
  }
}
