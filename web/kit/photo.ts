import { Refusal } from '../../core/refusal.ts'
import { HEADER_BYTES, readPictureHeader } from './picture-header.ts'

/** A photograph made fit for a slow line: upright, a JPEG, and nothing of what the camera wrote beside the picture. */
export type Photo = {
  name: string
  type: 'image/jpeg'
  bytes: Uint8Array<ArrayBuffer>
  width: number
  height: number
}

export const LONGEST_SIDE = 1_600
/** What is aimed at, in bytes. */
export const WANTED = 200 * 1024
/** Larger files are not looked at. */
const LARGEST_FILE = 80 * 1024 * 1024
/** 256 MB while it is decoded: more than a phone of 2 GB gives a page. */
const MOST_PIXELS = 64_000_000
const QUALITIES = [0.85, 0.75, 0.65, 0.55, 0.45]

/**
 * Scales a photograph on the device. Throws `Refusal`: `file_too_large`, `not_a_picture` (also a damaged one),
 * `heic_unreadable` where this browser cannot read the format of iPhones.
 */
export async function scalePhoto(file: File | Blob, wanted = WANTED): Promise<Photo> {
  if (file.size > LARGEST_FILE) throw new Refusal('file_too_large', 'A picture file above 80 MB', { max: LARGEST_FILE })
  const { kind, size } = readPictureHeader(new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer()))
  if (size && size.width * size.height > MOST_PIXELS) {
    throw new Refusal('file_too_large', 'More pixels than a phone can hold', { ...size, max: MOST_PIXELS })
  }
  const picture = await decode(file, size).catch((cause: unknown) => {
    const code = kind === 'heic' ? 'heic_unreadable' : 'not_a_picture'
    throw Object.assign(new Refusal(code, 'This browser cannot decode it', { kind }), { cause })
  })
  try {
    const name = file instanceof File ? file.name : ''
    return { name: jpegName(name), type: 'image/jpeg', ...(await shrink(picture, wanted)) }
  } finally {
    picture.close()
  }
}

/** Where the device is now, in degrees; null where the officer or the browser does not say. Asked only when he ticks it. */
export function placeNow(): Promise<[latitude: number, longitude: number] | null> {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(null)
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve([coords.latitude, coords.longitude]),
      () => resolve(null),
      { timeout: 20_000, maximumAge: 60_000 },
    )
  })
}

/** Scaled while it is decoded where its size is known, so that no large picture stays in memory. */
function decode(file: Blob, size: { width: number; height: number } | undefined): Promise<ImageBitmap> {
  const upright: ImageBitmapOptions = { imageOrientation: 'from-image' }
  if (!size || Math.max(size.width, size.height) <= LONGEST_SIDE) return createImageBitmap(file, upright)
  const resizeWidth = Math.max(1, Math.round(size.width * (LONGEST_SIDE / Math.max(size.width, size.height))))
  return createImageBitmap(file, { ...upright, resizeWidth, resizeQuality: 'high' })
}

/** First by quality, then by size: a page of text must stay readable. */
async function shrink(
  picture: ImageBitmap,
  wanted: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; width: number; height: number }> {
  for (let side = LONGEST_SIDE; ; side = Math.round(side * 0.8)) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height))
    const width = Math.max(1, Math.round(picture.width * scale))
    const height = Math.max(1, Math.round(picture.height * scale))
    const canvas = draw(picture, width, height)
    for (const quality of QUALITIES) {
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
      if (blob.size > wanted && !(side < 400 && quality === QUALITIES.at(-1))) continue
      return { bytes: new Uint8Array(await blob.arrayBuffer()), width, height }
    }
  }
}

function draw(picture: ImageBitmap, width: number, height: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) throw new Refusal('file_too_large', 'No canvas of that size', { width, height })
  // What was transparent is paper, not black.
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, 0, 0, width, height)
  return canvas
}

function jpegName(name: string): string {
  const stem = name.replace(/\.[^.]*$/, '')
  return `${stem || 'photo'}.jpg`
}
