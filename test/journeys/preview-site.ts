/** The screens over the sample data of web/preview, built once and served: from a development server each page fetches two hundred modules. */
import { join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { build, preview } from 'vite'
import { madeOnce } from '../helpers/once.ts'

const ROOT = join(import.meta.dirname, '..', '..')

export type PreviewSite = {
  /** `/preview/?who=…&at=…` are the screens; `/store.js` is client/browser-store.ts. */
  url: string
  close(): Promise<void>
}

export async function openPreviewSite(): Promise<PreviewSite> {
  const { directory: outDir, close } = await madeOnce('screens', buildScreens)
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
      await close()
    },
  }
}

async function buildScreens(outDir: string): Promise<void> {
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
}
