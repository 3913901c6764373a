import { type Bytes, concat, utf8 } from './bytes.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { type Sign, verifyEd25519 } from './cose.ts'
import { COSIGNATURE, formatNote, type NoteKey, type NoteVerifier, parseNote } from './note.ts'

/**
 * C2SP tlog-cosignature, Ed25519: a witness says that, at a time, this was the largest consistent tree of the log it
 * had seen. One more signature line on the checkpoint; its signature is an 8-byte time and 64 bytes of Ed25519.
 */

const TIME_LENGTH = 8

/**
 * The checkpoint note with one cosignature more. `time` is in whole seconds since 1970 UTC.
 *
 * @NOTE A witness calls this only after it has opened the checkpoint with the log's key and verified its consistency
 * with the largest one it cosigned before. A witness's key serves no other purpose and no other name.
 */
export async function cosign(note: string, key: NoteKey, time: number, sign: Sign): Promise<string> {
  if (key.type !== COSIGNATURE) throw new RangeError('A key of another type cannot cosign')
  if (!Number.isSafeInteger(time) || time < 0) throw new RangeError('Not a time')
  const { text, signatures } = parseNote(note)
  parseCheckpoint(text)
  const stamp = new Uint8Array(TIME_LENGTH)
  new DataView(stamp.buffer).setBigUint64(0, BigInt(time))
  const signature = concat(stamp, await sign(signedMessage(text, time)))
  return formatNote({ text, signatures: [...signatures, { name: key.name, id: key.id, signature }] })
}

/** Verifies cosignatures of a witness; of nothing but checkpoints. */
export function cosignatureVerifier(key: NoteKey): NoteVerifier {
  if (key.type !== COSIGNATURE) throw new RangeError('A key of another type cannot cosign')
  return {
    key,
    async verify(text, signature) {
      const time = cosignatureTime(signature)
      if (time === null) return false
      return verifyEd25519(key.publicKey, signature.subarray(TIME_LENGTH), signedMessage(text, time))
    },
  }
}

/** When a cosignature was made, in seconds since 1970 UTC; null where it is none or its time is out of range. */
export function cosignatureTime(signature: Uint8Array): number | null {
  if (signature.length !== TIME_LENGTH + 64) return null
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0)
  return time <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(time) : null
}

function signedMessage(checkpointText: string, time: number): Bytes {
  return utf8(`cosignature/v1\ntime ${time}\n${checkpointText}`)
}
