/** Lists of bytes for PostgreSQL in its binary form: half the size of text in hex, and nothing to escape or to read back. */

/** Of bytea in `pg_type`; PostgreSQL refuses the list where the statement says another type. */
const BYTEA = 17
const HEAD = 20

/**
 * What stands for a parameter on its way to PostgreSQL: a `bytea[]` in binary where it is a list of bytes (nulls among them
 * too), else the parameter as it came.
 */
export function packed(param: unknown): unknown {
  return isBytesList(param) ? byteaArray(param) : param
}

type BytesList = readonly (Uint8Array | null)[]

function isBytesList(param: unknown): param is BytesList {
  return (
    Array.isArray(param) &&
    param[0] instanceof Uint8Array &&
    param.every((one) => one === null || one instanceof Uint8Array)
  )
}

/** As `array_send` writes it: one dimension, whether there are nulls, the element type, how many, from 1, and each by its length. */
function byteaArray(list: BytesList): Buffer {
  let size = HEAD
  for (const bytes of list) size += 4 + (bytes?.length ?? 0)
  const out = Buffer.allocUnsafe(size)
  out.writeInt32BE(1, 0)
  out.writeInt32BE(list.includes(null) ? 1 : 0, 4)
  out.writeInt32BE(BYTEA, 8)
  out.writeInt32BE(list.length, 12)
  out.writeInt32BE(1, 16)
  let at = HEAD
  for (const bytes of list) {
    at = out.writeInt32BE(bytes?.length ?? -1, at)
    if (!bytes) continue
    out.set(bytes, at)
    at += bytes.length
  }
  return out
}
