import { resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { compressed } from './web/build/compressed.ts'
import { englishApart } from './web/build/english-apart.ts'
import { offline } from './web/build/offline.ts'
import { withoutCommandWords } from './web/build/without-command-words.ts'

/**
 * What is fetched together. On a slow line each file costs a round trip of its own, and whoever keeps the app offline fetches
 * them all; so a screen is not spread over the many small files that its parts would make.
 */
const LOADS = [
  { name: 'first', tags: ['$initial' as const], priority: 4 },
  { name: 'rooms', test: /\/Frames\.svelte$/, priority: 3 },
  { name: 'shared', minShareCount: 2, priority: 2 },
  { name: 'issuing', test: /\/(Issue|Drafts?)\.svelte$/, priority: 1 },
  { name: 'more', test: /\/(AboutMe|BatteryHelp|Connection|Held|MyDevices|MyPosts|Reach|Settings)\.svelte$/ },
]

/** The web app, built into dist/web: nothing inline, every asset named by its content, each with its .br and .gz. */
export default defineConfig({
  root: resolve(import.meta.dirname, 'web'),
  publicDir: resolve(import.meta.dirname, 'web/public'),
  plugins: [
    withoutCommandWords(),
    englishApart(),
    svelte({ configFile: resolve(import.meta.dirname, 'svelte.config.js') }),
    offline(),
    compressed(),
  ],
  build: {
    outDir: resolve(import.meta.dirname, 'dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { output: { codeSplitting: { groups: LOADS } } },
  },
  // Workers are modules too, so that what they share with the page is one file.
  worker: { format: 'es', plugins: () => [withoutCommandWords()] },
  server: { fs: { allow: [import.meta.dirname] } },
})
