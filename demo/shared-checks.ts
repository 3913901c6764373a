import type { VerifySign1 } from '../client/fold.ts'
import { toBase64 } from '../core/bytes.ts'
import { verifySign1 } from '../core/cose.ts'
import { sha256 } from '../core/hash.ts'

/** More than the directory of a demonstration has entries; what is asked for longest ago goes first. */
const MOST = 20_000

/**
 * One check for many devices of one process: several hundred officials prove the same directory, each for himself, and need not
 * all compute the same signatures. Only signatures that held are remembered, by key and bytes; a false one is computed each time.
 */
export function sharedChecks(verify: VerifySign1 = verifySign1, most: number = MOST): VerifySign1 {
  const held = new Map<string, Promise<boolean>>()
  return async (signed, publicKey) => {
    const name = `${toBase64(publicKey)} ${toBase64(sha256(signed.signature, signed.payload))}`
    const known = held.get(name)
    held.delete(name)
    const found = known ?? verify(signed, publicKey)
    held.set(name, found)
    if (held.size > most) held.delete(held.keys().next().value!)
    try {
      if (await found) return true
    } catch (error) {
      held.delete(name)
      throw error
    }
    held.delete(name)
    return false
  }
}
