import { type Bytes, equal, randomBytes } from './bytes.ts'
import { encode } from './cbor.ts'
import { hkdf } from './hash.ts'
import { type KemPrivate, kemKeyFromSeed, openWith, type Sealed, sealTo } from './kem.ts'
import { Refusal } from './refusal.ts'
import { decrypt, encrypt } from './seal.ts'
import type { Target } from './wrap.ts'

/**
 * A ring: the one object by which devices, persons and posts read. A 32-byte seed a generation; from it a KEM key, a
 * content key and the key under which the seed before lies. Whoever holds generation g reads 1…g and never g+1.
 */
export const SUITE = 'X-Wing/HKDF-SHA256/AES-256-GCM'

const SEED_LENGTH = 32

export function newSeed(): Bytes {
  return randomBytes(SEED_LENGTH)
}

/** The key pair that items are wrapped to. */
export function ringKey(seed: Bytes): Promise<KemPrivate> {
  return kemKeyFromSeed(seed)
}

/** A seed handed to one member of the ring. */
export type Grant = { member: Bytes; memberGeneration: number } & Sealed

function grantInfo(ring: Bytes, generation: number, member: Bytes, memberGeneration: number): Bytes {
  return encode(['grant/v1', SUITE, ring, generation, member, memberGeneration])
}

/** Grants the seed of (ring, generation) to a member, itself a ring or a device. */
export async function makeGrant(seed: Bytes, ring: Bytes, generation: number, member: Target): Promise<Grant> {
  const info = grantInfo(ring, generation, member.ring, member.generation)
  return { member: member.ring, memberGeneration: member.generation, ...(await sealTo(member.publicKey, seed, info)) }
}

/**
 * The seed inside a grant, with its key pair, which must be the logged one. Throws `Refusal`: `cannot_open` when the grant
 * was made for another ring, generation or member, `wrong_seed` when the seed does not give the logged public key.
 */
export async function openGrant(
  grant: Grant,
  ring: Bytes,
  generation: number,
  publicKey: Bytes,
  member: KemPrivate,
): Promise<{ seed: Bytes; key: KemPrivate }> {
  const seed = await openWith(member, grant, grantInfo(ring, generation, grant.member, grant.memberGeneration))
  return { seed, key: await checkSeed(seed, publicKey) }
}

/** Throws `Refusal('wrong_seed')` unless the seed gives this public key. */
export async function checkSeed(seed: Bytes, publicKey: Bytes): Promise<KemPrivate> {
  if (seed.length !== SEED_LENGTH) throw new Refusal('wrong_seed', 'Not a seed')
  const key = await ringKey(seed)
  if (!equal(key.publicKey, publicKey)) throw new Refusal('wrong_seed', 'The seed does not give the logged key')
  return key
}

// One key for one ring and generation, since `encrypt` may be called once a key.
function previousKey(seed: Bytes, ring: Bytes, generation: number): Bytes {
  return hkdf(seed, 'prev', encode([ring, generation]))
}

function previousLabel(ring: Bytes, generation: number): Bytes {
  return encode(['prev/v1', ring, generation])
}

/** The seed of generation - 1, sealed under the seed of `generation`. */
export function sealPrevious(seed: Bytes, ring: Bytes, generation: number, previous: Bytes): Promise<Bytes> {
  return encrypt(previousKey(seed, ring, generation), previous, previousLabel(ring, generation))
}

/**
 * What lies under the seed as the one before. Throws `Refusal('cannot_open')`. The maker of a generation can put anything
 * here: believe it only after `checkSeed` against the logged key of generation - 1.
 */
export function openPrevious(seed: Bytes, ring: Bytes, generation: number, sealed: Bytes): Promise<Bytes> {
  return decrypt(previousKey(seed, ring, generation), sealed, previousLabel(ring, generation))
}
