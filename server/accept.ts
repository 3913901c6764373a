/** The first stop of every item: shape and signature, nothing about its place. */
import type { Bytes } from '../core/bytes.ts'
import { type Cbor, decode } from '../core/cbor.ts'
import { toBeSigned } from '../core/cose.ts'
import { type Item, idText, itemFrom, MAX_DIRECTIVE, thumbprint } from '../core/item.ts'
import type { Kind } from '../core/kind.ts'
import { Refusal } from '../core/refusal.ts'
import { sizeOf } from './envelope-size.ts'
import type { KnownKey, SigningKeys } from './keys.ts'
import type { Checked, Outcome } from './place.ts'
import type { VerifyPool } from './verify-pool.ts'

export const MAX_ITEMS_PER_REQUEST = 64
/** Requests above this are looked through in another thread before this one decodes them. */
const LARGE = 64 * 1024

// biome-ignore lint/suspicious/noExplicitAny: kinds have entries and states of their own
export type Kinds = ReadonlyMap<string, Kind<any, any>>

export type AcceptNeeds = {
  kinds: Kinds
  keys: Pick<SigningKeys, 'find'>
  pool: Pick<VerifyPool, 'verify' | 'vet'>
  /** The sequencer's. */
  place: (items: Checked[]) => Promise<Outcome[]>
  /** Told of a fault of ours in reading an item, which is refused as `internal`. */
  onFault: (error: unknown) => void
}

/**
 * `POST /items`: CBOR [envelope…] of 1 to 64 → CBOR [answer…] in the same order, `[1, index, leaf data]` or
 * `[0, code, details as JSON]`. Throws `Refusal` (`bad_bytes`, `too_large`) only where the request as a whole is not a list
 * of items; what is wrong with one item is that item's answer and hinders no other.
 */
export async function acceptRequest(needs: AcceptNeeds, request: Bytes): Promise<Cbor> {
  if (request.length > LARGE) await needs.pool.vet(request)
  const list = decode(request)
  if (!Array.isArray(list) || list.length === 0) throw new Refusal('bad_bytes', 'Not a list of items')
  if (list.length > MAX_ITEMS_PER_REQUEST)
    throw new Refusal('too_large', 'More than 64 items in a request', { max: MAX_ITEMS_PER_REQUEST })
  const outcomes = await acceptItems(needs, list)
  return outcomes.map(answerOf)
}

async function acceptItems(needs: AcceptNeeds, list: Cbor[]): Promise<Outcome[]> {
  const read = list.map((value) => attempt(() => readItem(value, needs.kinds), needs.onFault))
  const good = read.filter((result): result is Checked => !(result instanceof Refusal))
  const signed = new Map(good.map((checked, i) => [checked, i]))
  const findings = await checkSignatures(needs, good)
  const verified = good.filter((_, i) => findings[i] === null)
  const placed = verified.length > 0 ? await needs.place(verified) : []
  const outcomes = new Map(verified.map((checked, i) => [checked, placed[i]!]))
  return read.map((result) => {
    if (result instanceof Refusal) return result
    return outcomes.get(result) ?? findings[signed.get(result)!]!
  })
}

/** Throws `Refusal`: `bad_bytes`, `too_large`, `too_many_wraps`, `newer_version`, `unknown_kind`, `bad_input`. */
function readItem(value: Cbor, kinds: Kinds): Checked {
  const size = sizeOf(value)
  if (size > MAX_DIRECTIVE) throw new Refusal('too_large', 'An item above 4 MB')
  const item = itemFrom(value, size)
  requireMeaning(item)
  const kind = kinds.get(item.header.kind)
  if (!kind) throw new Refusal('unknown_kind', `No kind is called ${item.header.kind}`, { kind: item.header.kind })
  return { item, kind, entry: kind.read(item), size }
}

/**
 * Throws `newer_version` for header fields reserved for spaces. What stands in the log is read for ever: an item placed with
 * them while they mean nothing would be read by their meaning later, and by another chain.
 */
function requireMeaning({ header }: Item): void {
  if (header.space || header.ring) throw new Refusal('newer_version', 'A header field that has no meaning yet')
}

/** For each item null, or why its signature is not believed: `unknown_device` or `bad_signature`. */
async function checkSignatures(needs: AcceptNeeds, items: Checked[]): Promise<(Refusal | null)[]> {
  const known = await needs.keys.find(items.map(({ item }) => item.header.signer.id))
  for (const key of keysBroughtBy(items)) {
    const name = idText(thumbprint(key.publicKey))
    if (!known.has(name)) known.set(name, key)
  }
  const keys = items.map(({ item }) => keyOf(item, known))
  const signed = items.flatMap(({ item }, i) => {
    const key = keys[i]
    if (!key) return []
    const { payload, signature } = item.signed
    return [{ i, check: { publicKey: key.publicKey, signature, bytes: toBeSigned(payload) } }]
  })
  const good = await needs.pool.verify(signed.map(({ check }) => check))
  const findings = new Array<Refusal | null>(items.length)
  for (const [at, { i }] of signed.entries())
    findings[i] = good[at] ? null : new Refusal('bad_signature', 'The signature does not fit')
  return Array.from(findings, (finding) =>
    finding === undefined ? new Refusal('unknown_device', 'Signed by a key that is not in the log') : finding,
  )
}

function keyOf({ header }: Item, known: ReadonlyMap<string, KnownKey>): KnownKey | undefined {
  const key = known.get(idText(header.signer.id))
  return key?.type === header.signer.type ? key : undefined
}

/** A joining device's first items come with the item that makes its key known. Whether that one holds is judged in its place. */
function keysBroughtBy(items: Checked[]): KnownKey[] {
  return items.flatMap(({ kind, entry }) => kind.keys?.(entry) ?? []).filter(({ publicKey }) => publicKey.length === 32)
}

function attempt<T>(read: () => T, onFault: (error: unknown) => void): T | Refusal {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refusal) return error
    onFault(error)
    return new Refusal('internal', 'The server has a fault with this item')
  }
}

function answerOf(outcome: Outcome): Cbor {
  if (outcome instanceof Refusal) return [0, outcome.code, JSON.stringify(outcome.details)]
  return [1, outcome.index, outcome.leaf]
}
