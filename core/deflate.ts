import { type Bytes, join } from './bytes.ts'
import { Refusal } from './refusal.ts'

/** Raw DEFLATE (RFC 1951) by the platform's own streams, in Node and in a browser alike. */
export async function deflate(bytes: Bytes): Promise<Bytes> {
  return collect(new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw')), Number.POSITIVE_INFINITY)
}

/** Throws `Refusal`: `bad_bytes` when it is not DEFLATE, `too_large` as soon as more than `limit` bytes come out. */
export async function inflate(bytes: Bytes, limit: number): Promise<Bytes> {
  try {
    return await collect(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')), limit)
  } catch (cause) {
    if (cause instanceof Refusal) throw cause
    const refusal = new Refusal('bad_bytes', 'Not DEFLATE')
    refusal.cause = cause
    throw refusal
  }
}

async function collect(stream: ReadableStream<Uint8Array>, limit: number): Promise<Bytes> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return join(chunks)
    length += value.length
    if (length > limit) {
      await reader.cancel()
      throw new Refusal('too_large', 'More text than any letter has')
    }
    chunks.push(value)
  }
}
