/** Signatures to check, packed end to end so that a batch crosses to its thread as one buffer and is not copied. */
export type Check = { publicKey: Uint8Array; signature: Uint8Array; bytes: Uint8Array }
export type Packed = Uint8Array<ArrayBuffer>

const HEAD = 32 + 64 + 4

export function pack(checks: readonly Check[]): Packed {
  const out = new Uint8Array(checks.reduce((sum, { bytes }) => sum + HEAD + bytes.length, 0))
  const view = new DataView(out.buffer)
  let at = 0
  for (const { publicKey, signature, bytes } of checks) {
    out.set(publicKey, at)
    out.set(signature, at + 32)
    view.setUint32(at + 96, bytes.length)
    out.set(bytes, at + HEAD)
    at += HEAD + bytes.length
  }
  return out
}

export function unpack(packed: Uint8Array): Check[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  const checks: Check[] = []
  for (let at = 0; at < packed.length; ) {
    const end = at + HEAD + view.getUint32(at + 96)
    checks.push({
      publicKey: packed.subarray(at, at + 32),
      signature: packed.subarray(at + 32, at + 96),
      bytes: packed.subarray(at + HEAD, end),
    })
    at = end
  }
  return checks
}
