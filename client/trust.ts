import { type Bytes, equal, toBase64url } from '../core/bytes.ts'
import { type Checkpoint, openCheckpoint } from '../core/checkpoint.ts'
import { verifySign1 } from '../core/cose.ts'
import { Fields } from '../core/fields.ts'
import { sha256 } from '../core/hash.ts'
import { readCose, thumbprint } from '../core/item.ts'
import { decodeLeaf } from '../core/leaf.ts'
import { leafHash, verifyConsistency, verifyInclusion } from '../core/merkle.ts'
import { type NoteKey, noteKey } from '../core/note.ts'
import { Refusal } from '../core/refusal.ts'
import type { Service } from './messages.ts'

/** What a device believes from the day it joined: the root item, by which the log's key and name are known. */
export type Root = { cose: Bytes; fingerprint: Bytes; logKey: NoteKey; origin: string }

/** What a ticket's tag vouches for: SHA-256 of the root item's COSE bytes. */
export function rootFingerprint(cose: Uint8Array): Bytes {
  return sha256(cose)
}

/**
 * The root a server shows, checked against itself: signed by its own first key, the first leaf of a log whose checkpoint its
 * log key signed. Whether it is the *right* root only the joining code tells (`checkRootTag`); until then nothing here is
 * believed. Throws `Refusal`: `bad_signature`, `bad_note`, `bad_proof`.
 */
export async function readRoot(service: Service): Promise<{ root: Root; checkpoint: Checkpoint }> {
  const root = await rootFromCose(service.cose)
  const leaf = decodeLeaf(service.leaf)
  if (!equal(leaf.item, root.fingerprint)) throw new Refusal('bad_proof', 'The leaf of another root')
  const checkpoint = await openCheckpoint(service.checkpoint, root.logKey)
  verifyInclusion(leafHash(service.leaf), 0, checkpoint, service.proof)
  return { root, checkpoint }
}

/** The root in these bytes; throws `Refusal('bad_signature')` unless its own first key signed it. */
export async function rootFromCose(cose: Bytes): Promise<Root> {
  const { header, signed } = readCose(cose)
  if (header.kind !== 'root') throw new Refusal('bad_bytes', 'Not a root')
  const fields = new Fields('root', header.fields)
  const [first] = fields.list(3, 2, (key) => key as Bytes)
  const logPublicKey = fields.bytes(4, 32)
  const origin = fields.text(5)
  const isOwn = first instanceof Uint8Array && equal(thumbprint(first), header.signer.id)
  if (!isOwn || !(await verifySign1(signed, first))) throw new Refusal('bad_signature', 'The root signs itself')
  return { cose, fingerprint: rootFingerprint(cose), logKey: noteKey(origin, logPublicKey), origin }
}

/**
 * The newest checkpoint a device has seen. It only ever moves forward, along one tree.
 *
 * @NOTE This catches a server that goes back (hazard 4) or forks after we looked. It cannot catch one that shows every
 * device a tree of its own from the beginning: that takes witnesses.
 */
export class Seen {
  readonly #logKey: NoteKey
  #checkpoint: Checkpoint | null
  #note: string | null

  constructor(logKey: NoteKey, checkpoint: Checkpoint | null = null, note: string | null = null) {
    this.#logKey = logKey
    this.#checkpoint = checkpoint
    this.#note = note
  }

  static async read(logKey: NoteKey, note: string | undefined): Promise<Seen> {
    return note === undefined ? new Seen(logKey) : new Seen(logKey, await openCheckpoint(note, logKey), note)
  }

  /** Zero before the first. */
  get size(): number {
    return this.#checkpoint?.size ?? 0
  }

  get checkpoint(): Checkpoint | null {
    return this.#checkpoint
  }

  get note(): string | null {
    return this.#note
  }

  get root(): string {
    return this.#checkpoint ? toBase64url(this.#checkpoint.root) : ''
  }

  /** Takes a checkpoint that grew from the last one. Throws `Refusal`: `bad_note`, `rollback`, `forked`. */
  async accept(note: string, consistency: Bytes[]): Promise<Checkpoint> {
    const next = await openCheckpoint(note, this.#logKey)
    const last = this.#checkpoint
    if (last && next.size < last.size) {
      throw new Refusal('rollback', `The log went back from ${last.size} to ${next.size}`, {
        was: last.size,
        is: next.size,
      })
    }
    if (last) {
      try {
        verifyConsistency(last, next, consistency)
      } catch (cause) {
        throw Object.assign(new Refusal('forked', 'The log shows another past than before'), { cause })
      }
    }
    this.#checkpoint = next
    this.#note = note
    return next
  }
}
