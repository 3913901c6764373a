/**
 * What the first bytes of a picture say of it, so that one too large is refused before it is decoded: the pixels of a picture take
 * four bytes each in memory, however small its file is. Pure.
 */
export type PictureHeader = {
  kind: 'jpeg' | 'png' | 'webp' | 'gif' | 'heic' | 'avif' | 'unknown'
  /** As it is to be looked at, turned by its EXIF orientation; absent where the first bytes do not say. */
  size?: { width: number; height: number }
}

/** How much of a file is enough: cameras put a preview of up to 64 KB, and some several, before the size. */
export const HEADER_BYTES = 512 * 1024

const HEIC = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'])

export function readPictureHeader(bytes: Uint8Array): PictureHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to))
  try {
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return readJpeg(view, text)
    if (text(0, 8) === '\x89PNG\r\n\x1a\n') {
      return { kind: 'png', size: { width: view.getUint32(16), height: view.getUint32(20) } }
    }
    if (text(0, 4) === 'GIF8') {
      return { kind: 'gif', size: { width: view.getUint16(6, true), height: view.getUint16(8, true) } }
    }
    if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return readWebp(view, text)
    if (text(4, 8) === 'ftyp') {
      const brand = text(8, 12)
      return { kind: HEIC.has(brand) ? 'heic' : brand.startsWith('avi') ? 'avif' : 'unknown' }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error // cut short: whoever decodes it says so
  }
  return { kind: 'unknown' }
}

function readJpeg(view: DataView, text: (from: number, to: number) => string): PictureHeader {
  let turned = false
  for (let at = 2; at + 4 <= view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) break
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at += 1 // filling
      continue
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)]
      return { kind: 'jpeg', size: turned ? { width: height, height: width } : { width, height } }
    }
    if (marker === 0xe1 && text(at + 4, at + 8) === 'Exif') turned ||= orientationAt(view, at + 10) >= 5
    at += 2 + view.getUint16(at + 2)
  }
  return { kind: 'jpeg' }
}

/** 1 to 8; from 5 on the picture lies on its side. 1 where nothing is said. */
function orientationAt(view: DataView, tiff: number): number {
  try {
    const little = view.getUint16(tiff) === 0x4949
    const directory = tiff + view.getUint32(tiff + 4, little)
    const count = view.getUint16(directory, little)
    for (let n = 0; n < count; n++) {
      const entry = directory + 2 + n * 12
      if (view.getUint16(entry, little) === 0x0112) return view.getUint16(entry + 8, little)
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return 1
}

function readWebp(view: DataView, text: (from: number, to: number) => string): PictureHeader {
  const form = text(12, 16)
  const low24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
  if (form === 'VP8X') return { kind: 'webp', size: { width: low24(24) + 1, height: low24(27) + 1 } }
  if (form === 'VP8L') {
    const bits = view.getUint32(21, true)
    return { kind: 'webp', size: { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 } }
  }
  if (form === 'VP8 ') {
    const [width, height] = [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff]
    return { kind: 'webp', size: { width, height } }
  }
  return { kind: 'webp' }
}
