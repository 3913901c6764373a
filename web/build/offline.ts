import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { build, type Plugin } from 'vite'

/**
 * Builds `service-worker.ts` into `/sw.js`, telling it what the build made: the page and its scripts and styles.
 * Fonts are not in the list: a device with its own Bangla font never fetches them (the worker keeps those it meets). Nor is what
 * prints a report: few ever do, and its engine is larger than all the rest.
 */
export function offline(): Plugin {
  let root = ''
  let folder = ''
  let files: string[] = []
  let version = ''
  return {
    name: 'offline',
    apply: 'build',
    configResolved(config) {
      root = config.root
      folder = config.build.outDir
    },
    writeBundle(_, bundle) {
      const kept = Object.values(bundle).filter(
        ({ fileName }) => /\.(js|css)$/.test(fileName) && !/report-worker/.test(fileName),
      )
      files = ['/', '/icon.svg', ...kept.map(({ fileName }) => `/${fileName}`).sort()]
      const page = bundle['index.html']
      const source = page?.type === 'asset' ? page.source : ''
      version = createHash('sha256').update(files.join('\n')).update(source).digest('hex').slice(0, 16)
    },
    closeBundle: {
      sequential: true,
      order: 'pre',
      async handler() {
        await build({
          configFile: false,
          root,
          publicDir: false,
          logLevel: 'warn',
          define: { __FILES__: JSON.stringify(files), __VERSION__: JSON.stringify(version) },
          build: {
            outDir: folder,
            emptyOutDir: false,
            target: 'es2023',
            modulePreload: false,
            reportCompressedSize: false,
            rolldownOptions: {
              input: resolve(root, 'service-worker.ts'),
              output: { format: 'es', entryFileNames: 'sw.js', codeSplitting: false },
            },
          },
        })
      },
    },
  }
}
