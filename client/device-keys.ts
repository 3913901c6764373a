import { type Bytes, randomBytes, toBase64url } from '../core/bytes.ts'
import { generateSigningKey, type Sign, signer, signingKeyFromSeed } from '../core/cose.ts'
import { hkdf } from '../core/hash.ts'
import { thumbprint } from '../core/item.ts'
import { generateKemKey, type KemPrivate, kemKeyFromSeed } from '../core/kem.ts'
import type { Change, Store } from './store.ts'

/** A device: its signing key, by whose thumbprint it is known, and its X-Wing key, itself a ring of generation 0. */
export type DeviceKeys = { id: string; publicKey: Bytes; sign: Sign; kem: KemPrivate }

type Kept = { signing: CryptoKey; publicKey: Bytes; kem: KemPrivate } | { seed: Bytes }

const PLACE = { table: 'key', key: 'device' } as const

/** Fresh keys, and the change that keeps them: as CryptoKeys nobody can take out, or as a seed where a store cannot. */
export async function makeDeviceKeys(store: Store): Promise<{ keys: DeviceKeys; change: Change }> {
  if (!store.keepsKeys) {
    const seed = randomBytes(32)
    return { keys: await deviceFromSeed(seed), change: { ...PLACE, value: { seed } satisfies Kept } }
  }
  const pair = await generateSigningKey()
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const kept = { signing: pair.privateKey, publicKey, kem: await generateKemKey() }
  return { keys: fromKept(kept), change: { ...PLACE, value: kept satisfies Kept } }
}

/** The device's keys, or null before it has any. */
export async function readDeviceKeys(store: Store): Promise<DeviceKeys | null> {
  const kept = await store.get<Kept>(PLACE.table, PLACE.key)
  if (!kept) return null
  return 'seed' in kept ? deviceFromSeed(kept.seed) : fromKept(kept)
}

/** The keys a seed gives: a profile of the command line, or the recovery code, which is one more device, on paper. */
export async function deviceFromSeed(seed: Bytes): Promise<DeviceKeys> {
  const { publicKey, sign } = await signingKeyFromSeed(hkdf(seed, 'device-sign'))
  return {
    id: toBase64url(thumbprint(publicKey)),
    publicKey,
    sign,
    kem: await kemKeyFromSeed(hkdf(seed, 'device-kem')),
  }
}

function fromKept({ signing, publicKey, kem }: { signing: CryptoKey; publicKey: Bytes; kem: KemPrivate }): DeviceKeys {
  return { id: toBase64url(thumbprint(publicKey)), publicKey, sign: signer(signing), kem }
}
