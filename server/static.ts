/** The built web app out of `dist/web`: read once into memory (the print engine aside), with what the build compressed beside it. */
import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import type { Bytes } from '../core/bytes.ts'

export type StaticFile = {
  type: string
  etag: string
  /** Named by its content: it never changes under this name. */
  immutable: boolean
  /** By content coding; `identity` is always there. */
  bytes: { identity: StaticBytes; br?: StaticBytes; gzip?: StaticBytes }
  /** A script that may compile WebAssembly; no other may, the page least of all. */
  compiles: boolean
}

/** Held in memory, or, of a file so large that an idle server should not hold it, where it lies on disk. */
export type StaticBytes = Bytes | { path: string; size: number }

const LARGE = 4_000_000
/** What prints reports in a worker of its own (`features/directives/web/report-worker.ts`). */
const COMPILES = /^assets.report-worker-[\w-]+\.js$/

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
}

/** Files by address (`/assets/x.js`). Empty where nothing is built; what has no known type is not served. */
export async function readStatic(root: string): Promise<Map<string, StaticFile>> {
  const files = new Map<string, StaticFile>()
  const names = await readdir(root, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const all = new Set(names)
  for (const name of names) {
    const type = TYPES[extname(name)]
    if (!type) continue
    const identity = await bytesOf(join(root, name))
    const file: StaticFile = {
      type,
      etag: `"${createHash('sha256')
        .update(identity instanceof Uint8Array ? identity : `${name} ${identity.size}`)
        .digest('base64url')
        .slice(0, 22)}"`,
      immutable: name.startsWith(`assets${sep}`),
      bytes: { identity },
      compiles: COMPILES.test(name),
    }
    if (all.has(`${name}.br`)) file.bytes.br = await bytesOf(join(root, `${name}.br`))
    if (all.has(`${name}.gz`)) file.bytes.gzip = await bytesOf(join(root, `${name}.gz`))
    files.set(`/${relative('.', name).split(sep).join('/')}`, file)
  }
  return files
}

/** The smallest form the caller takes, by his `accept-encoding`. */
export function chooseCoding(file: StaticFile, accepted: string): { bytes: StaticBytes; coding?: 'br' | 'gzip' } {
  const takes = (coding: string) => new RegExp(`(^|[ ,])${coding}(?!;q=0(\\.0*)?(,|$))`).test(accepted)
  if (file.bytes.br && takes('br')) return { bytes: file.bytes.br, coding: 'br' }
  if (file.bytes.gzip && takes('gzip')) return { bytes: file.bytes.gzip, coding: 'gzip' }
  return { bytes: file.bytes.identity }
}

/**
 * The addresses that are screens (`web/shell/routes.ts`): a reload there gets the page. Nothing else does, least of all a path
 * that climbs: no step of ours has a dot, a backslash or an escaped one in it.
 */
const SCREEN = /^\/(?:(?:join|issue|board|drafts|more|directives|today)(?:\/[^/.\\]*)*)?$/
const CLIMBS = /%(?:00|2e|2f|5c)/i

export function isScreen(path: string): boolean {
  return SCREEN.test(path) && !CLIMBS.test(path)
}

async function bytesOf(path: string): Promise<StaticBytes> {
  const { size } = await stat(path)
  if (size > LARGE) return { path, size }
  return Uint8Array.from(await readFile(path))
}
