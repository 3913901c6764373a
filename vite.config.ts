import { resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { compressed } from './web/build/compressed.ts'
import { offline } from './web/build/offline.ts'

/** The web app, built into dist/web: nothing inline, every asset named by its content, each with its .br and .gz. */
export default defineConfig({
  root: resolve(import.meta.dirname, 'web'),
  publicDir: resolve(import.meta.dirname, 'web/public'),
  plugins: [svelte({ configFile: resolve(import.meta.dirname, 'svelte.config.js') }), offline(), compressed()],
  build: {
    outDir: resolve(import.meta.dirname, 'dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
  // Workers are modules too, so that what they share with the page is one file.
  worker: { format: 'es' },
  server: { fs: { allow: [import.meta.dirname] } },
})
