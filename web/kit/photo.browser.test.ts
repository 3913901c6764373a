import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { freshPage, noBrowser } from '../../test/helpers/browser.ts'
import type * as PhotoModule from './photo.ts'

declare global {
  /** In the page alone. */
  var photos: typeof PhotoModule
  var camera: {
    /** A JPEG of noise with a red left half, as a camera writes it: EXIF with a place and, if given, an orientation. */
    jpeg(width: number, height: number, quality: number, orientation?: number): Promise<Blob>
    /** What became of a picture: its colours at the left, right, top and bottom edge, and whether anything of EXIF is in it. */
    look(photo: PhotoModule.Photo): Promise<{ red: string[]; exif: boolean }>
    outcome(work: Promise<PhotoModule.Photo>): Promise<string>
  }
}

/** Written into the page: pictures as they come from cameras. */
const CAMERA = `
globalThis.camera = {
  async jpeg(width, height, quality, orientation) {
    const tile = new OffscreenCanvas(256, 256)
    const noise = new ImageData(256, 256)
    for (let at = 0; at < noise.data.length; at += 65536) crypto.getRandomValues(noise.data.subarray(at, at + 65536))
    for (let at = 3; at < noise.data.length; at += 4) noise.data[at] = 255
    tile.getContext('2d').putImageData(noise, 0, 0)
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d')
    context.fillStyle = context.createPattern(tile, 'repeat')
    context.fillRect(0, 0, width, height)
    context.fillStyle = '#f00'
    context.fillRect(0, 0, width / 4, height)
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
    if (orientation === undefined) return blob
    const ascii = (text) => [...text].map((sign) => sign.charCodeAt(0))
    const tiff = [...ascii('MM'), 0, 42, 0, 0, 0, 8, 0, 2,
      0x01, 0x0e, 0, 2, 0, 0, 0, 4, ...ascii('GPS!'),
      0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
    const exif = [0xff, 0xe1, 0, tiff.length + 8, ...ascii('Exif'), 0, 0, ...tiff]
    return new Blob([blob.slice(0, 2), new Uint8Array(exif), blob.slice(2)], { type: 'image/jpeg' })
  },
  async look({ bytes, width, height }) {
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }))
    const context = new OffscreenCanvas(width, height).getContext('2d')
    context.drawImage(bitmap, 0, 0)
    const isRed = (x, y) => {
      const [r, g, b] = context.getImageData(Math.floor(x), Math.floor(y), 1, 1).data
      return r > 200 && g < 60 && b < 60
    }
    const places = { left: [5, height / 2], right: [width - 6, height / 2], top: [width / 2, 5], bottom: [width / 2, height - 6] }
    const red = Object.keys(places).filter((name) => isRed(...places[name]))
    const text = Array.from(bytes.subarray(0, 4096), (byte) => String.fromCharCode(byte)).join('')
    return { red, exif: /Exif|GPS/.test(text) || bitmap.width !== width || bitmap.height !== height }
  },
  outcome: (work) => work.then(({ width, height }) => width + ' x ' + height, (refusal) => refusal.code ?? String(refusal)),
}`

describe('a photograph on the device', { skip: noBrowser }, () => {
  let server: Server
  let page: Page

  before(async () => {
    const script = await bundle()
    server = createServer((request, response) => {
      const isScript = request.url === '/photo.js'
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
      response.end(isScript ? script : '<!doctype html><title>photo</title>')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    page = await freshPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await page.evaluate(CAMERA)
    await page.evaluate(async () => {
      const module = '/photo.js'
      globalThis.photos = await import(module)
    })
  })
  after(() => void server.close())

  test('becomes about 200 KB, 1,600 pixels long at most, and keeps nothing the camera wrote beside it', async () => {
    const made = await page.evaluate(async () => {
      const photo = await photos.scalePhoto(new File([await camera.jpeg(4000, 3000, 0.8, 1)], 'IMG 1.JPG'))
      const { bytes, ...rest } = photo
      return { ...rest, size: bytes.length, ...(await camera.look(photo)) }
    })
    const { size, width, height, ...rest } = made
    assert.ok(size <= 200 * 1024 && size > 50 * 1024, `${size} bytes`)
    // Noise compresses worse than anything a camera sees, and may come out smaller; a real picture stays at 1,600.
    assert.ok(width <= 1600 && width > 400 && width / height === 4 / 3, `${width} x ${height}`)
    assert.deepEqual(rest, { name: 'IMG 1.jpg', type: 'image/jpeg', red: ['left'], exif: false })
  })

  test('stands upright however the camera was held', async () => {
    const seen = await page.evaluate(async () => {
      const found: [number, number, boolean, string][] = []
      for (const orientation of [1, 3, 6, 8]) {
        const photo = await photos.scalePhoto(await camera.jpeg(3000, 2000, 0.5, orientation), 10_000_000)
        const { red } = await camera.look(photo)
        found.push([orientation, Math.max(photo.width, photo.height), photo.height > photo.width, red.join()])
      }
      return found
    })
    assert.deepEqual(seen, [
      [1, 1600, false, 'left'],
      [3, 1600, false, 'right'],
      [6, 1600, true, 'top'],
      [8, 1600, true, 'bottom'],
    ])
  })

  test('of 40 MB is taken too', { timeout: 60_000 }, async () => {
    const { before, after, width, ms } = await page.evaluate(async () => {
      const large = await camera.jpeg(5600, 4200, 1)
      const start = performance.now()
      const photo = await photos.scalePhoto(large)
      return { before: large.size, after: photo.bytes.length, width: photo.width, ms: performance.now() - start }
    })
    console.log(`${before} bytes became ${after}, ${width} pixels wide, in ${Math.round(ms)} ms`)
    assert.ok(before > 40_000_000, `${before} bytes`)
    assert.ok(after <= 200 * 1024)
  })

  test('small ones are not made larger, and transparent ones lie on paper', async () => {
    const made = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(300, 200)
      canvas.getContext('2d')!.clearRect(0, 0, 300, 200)
      const { bytes, width, height } = await photos.scalePhoto(await canvas.convertToBlob({ type: 'image/png' }))
      const context = new OffscreenCanvas(300, 200).getContext('2d')!
      context.drawImage(await createImageBitmap(new Blob([bytes])), 0, 0)
      return { width, height, pixel: [...context.getImageData(150, 100, 1, 1).data] }
    })
    assert.deepEqual(made, { width: 300, height: 200, pixel: [255, 255, 255, 255] })
  })

  test('what cannot be a photograph is refused in words', async () => {
    const outcomes = await page.evaluate(async () => {
      const latin = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0))
      const heic = new Uint8Array(4096)
      heic.set(latin('\0\0\0\x18ftypheic\0\0\0\0mif1heic'))
      const bomb = new Uint8Array(4096)
      bomb.set(latin('\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x75\x30\0\0\x75\x30\x08\x06\0\0\0'))
      const half = (await camera.jpeg(400, 300, 0.8)).slice(0, 300)
      const given: Record<string, Blob> = {
        text: new Blob(['not a picture']),
        empty: new Blob([]),
        half,
        heic: new Blob([heic]),
        bomb: new Blob([bomb]),
        huge: new Blob([new Uint8Array(81 * 1024 * 1024)]),
      }
      const found: Record<string, string> = {}
      for (const [name, blob] of Object.entries(given)) found[name] = await camera.outcome(photos.scalePhoto(blob))
      return found
    })
    assert.deepEqual(outcomes, {
      text: 'not_a_picture',
      empty: 'not_a_picture',
      half: 'not_a_picture',
      heic: 'heic_unreadable',
      bomb: 'file_too_large',
      huge: 'file_too_large',
    })
  })
})

async function bundle(): Promise<Uint8Array> {
  const out = await mkdtemp(join(tmpdir(), 'smarak-photo-'))
  try {
    const entry = join(import.meta.dirname, 'photo.ts')
    const lib = { entry, formats: ['es' as const], fileName: () => 'photo.js' }
    await build({ configFile: false, logLevel: 'silent', build: { outDir: out, target: 'es2023', lib } })
    return await readFile(join(out, 'photo.js'))
  } finally {
    await rm(out, { recursive: true })
  }
}
