import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readPictureHeader } from './picture-header.ts'

const latin = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0))
const join = (...parts: (string | number[] | Uint8Array)[]) =>
  Uint8Array.from(parts.flatMap((part) => [...(typeof part === 'string' ? latin(part) : part)]))

/** A JPEG as cameras begin it: EXIF with an orientation, a table, then the frame. */
function jpeg(width: number, height: number, orientation?: number, little = false): Uint8Array {
  const u16 = (n: number) => (little ? [n & 255, n >> 8] : [n >> 8, n & 255])
  const u32 = (n: number) => (little ? [...u16(n), 0, 0] : [0, 0, ...u16(n)])
  const big = (n: number) => [n >> 8, n & 255]
  const entry = [...u16(0x0112), ...u16(3), ...u32(1), ...u16(orientation ?? 1), 0, 0]
  const other = [...u16(0x010f), ...u16(2), ...u32(4), ...latin('cam\0')]
  const tiff = [...latin(little ? 'II' : 'MM'), ...u16(42), ...u32(8), ...u16(2), ...other, ...entry, ...u32(0)]
  const exif = orientation === undefined ? [] : [0xff, 0xe1, ...big(tiff.length + 8), ...latin('Exif\0\0'), ...tiff]
  const table = [0xff, 0xc4, ...big(4), 1, 2]
  const frame = [0xff, 0xff, 0xc2, ...big(11), 8, ...big(height), ...big(width), 1, 1, 0x11, 0]
  return join([0xff, 0xd8], exif, table, frame)
}

test('a JPEG is as large as it is looked at, however the camera was held', () => {
  assert.deepEqual(readPictureHeader(jpeg(4000, 3000)), { kind: 'jpeg', size: { width: 4000, height: 3000 } })
  for (const orientation of [1, 2, 3, 4]) {
    assert.deepEqual(readPictureHeader(jpeg(4000, 3000, orientation)).size, { width: 4000, height: 3000 })
  }
  for (const [orientation, little] of [5, 6, 7, 8].flatMap((n) => [[n, true] as const, [n, false] as const])) {
    assert.deepEqual(readPictureHeader(jpeg(4000, 3000, orientation, little)).size, { width: 3000, height: 4000 })
  }
})

test('the size of other pictures is read', () => {
  const png = join('\x89PNG\r\n\x1a\n', [0, 0, 0, 13], 'IHDR', [0, 0, 0x75, 0x30], [0, 0, 0x4e, 0x20])
  assert.deepEqual(readPictureHeader(png), { kind: 'png', size: { width: 30_000, height: 20_000 } })
  assert.deepEqual(readPictureHeader(join('GIF89a', [1, 2, 3, 4])).size, { width: 513, height: 1027 })
  const webp = (form: string, ...rest: number[]) =>
    readPictureHeader(join('RIFF', [0, 0, 0, 0], 'WEBP', form, [0, 0, 0, 0], rest))
  assert.deepEqual(webp('VP8X', 0, 0, 0, 0, 0xff, 0x0f, 0, 0xff, 0x07, 0).size, { width: 4096, height: 2048 })
  assert.deepEqual(webp('VP8L', 0x2f, 0xff, 0xc0, 0x3f, 0).size, { width: 256, height: 256 })
  assert.deepEqual(webp('VP8 ', 0, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00).size, { width: 320, height: 240 })
})

test('a picture of an iPhone is known as one', () => {
  for (const [brand, kind] of Object.entries({ heic: 'heic', mif1: 'heic', avif: 'avif', isom: 'unknown' })) {
    assert.equal(readPictureHeader(join([0, 0, 0, 24], 'ftyp', brand)).kind, kind)
  }
})

test('whatever the bytes are, nothing breaks', () => {
  const starts = [
    jpeg(10, 10, 6),
    join('\x89PNG\r\n\x1a\n'),
    join('RIFF', [0, 0, 0, 0], 'WEBPVP8X'),
    join('GIF8'),
    join(),
  ]
  const bytes = fc.tuple(fc.constantFrom(...starts), fc.nat(60), fc.uint8Array({ maxLength: 80 }))
  fc.assert(
    fc.property(bytes, ([start, cut, more]) => {
      const { kind } = readPictureHeader(join(start.subarray(0, cut), more))
      return typeof kind === 'string'
    }),
    { numRuns: 2_000 },
  )
})
