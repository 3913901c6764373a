/** The screens over the sample data of web/preview, built once and served: from a development server each page fetches two hundred modules. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { build, preview } from 'vite'

const ROOT = join(import.meta.dirname, '..', '..')

export type PreviewSite = {
  /** `/preview/?who=…&at=…` are the screens; `/store.js` is client/browser-store.ts. */
  url: string
  close(): Promise<void>
}

export async function openPreviewSite(): Promise<PreviewSite> {
  const outDir = await mkdtemp(join(tmpdir(), 'smarak-screens-'))
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(ROOT, 'web'),
    publicDir: join(ROOT, 'web/public'),
    plugins: [svelte({ configFile: join(ROOT, 'svelte.config.js') })],
    build: {
      outDir,
      target: 'es2023',
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: { preview: join(ROOT, 'web/preview/index.html'), store: join(ROOT, 'client/browser-store.ts') },
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js' },
      },
    },
  })
  const server = await preview({
    configFile: false,
    logLevel: 'error',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  })
  return {
    url: server.resolvedUrls!.local[0]!.replace(/\/$/, ''),
    async close() {
      await server.close()
      await rm(outDir, { recursive: true })
    },
  }
}
