/** All of `core/`'s cryptography as one module for a browser, built as for a release, and a page's address to load it at. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'

const MODULES = [
  'bytes',
  'cbor',
  'commitment',
  'cose',
  'deflate',
  'hash',
  'item',
  'kem',
  'ring',
  'seal',
  'ticket',
  'wrap',
]

export type ServedCore = { origin: string; script: Uint8Array; close(): void }

/** In the page: `await import('/core.js')`, of type `Core`. */
export async function serveCore(): Promise<ServedCore> {
  const script = await bundle()
  const server = createServer((request, response) => {
    const isScript = request.url === '/core.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
    response.end(isScript ? script : '<!doctype html><title>core</title>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, script, close: () => server.close() }
}

async function bundle(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'smarak-core-'))
  try {
    const entry = join(folder, 'core.js')
    const core = join(import.meta.dirname, '../../core')
    await writeFile(entry, MODULES.map((name) => `export * from '${join(core, name)}.ts'\n`).join(''))
    await build({
      configFile: false,
      root: folder,
      logLevel: 'silent',
      build: {
        outDir: 'out',
        target: 'es2023',
        minify: true,
        lib: { entry, formats: ['es'], fileName: () => 'core.js' },
      },
    })
    return await readFile(join(folder, 'out/core.js'))
  } finally {
    await rm(folder, { recursive: true })
  }
}
