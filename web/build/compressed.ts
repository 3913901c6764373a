import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const brotli = promisify(brotliCompress)
const gz = promisify(gzip)

/** Writes `.br` and `.gz` beside every text file and font of the build, so that the server never compresses while it serves. */
export function compressed(): Plugin {
  let folder = ''
  return {
    name: 'compressed',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      folder = config.build.outDir
    },
    async closeBundle() {
      const files = await readdir(folder, { recursive: true })
      const texts = files.filter((name) => /\.(js|css|html|svg|json|webmanifest|ttf)$/.test(name))
      const engines = files.filter((name) => name.endsWith('.wasm'))
      await Promise.all([
        ...texts.map((name) => compress(join(folder, name))),
        ...engines.map((name) => compressLarge(join(folder, name), join(folder, '../compressed'))),
      ])
    },
  }
}

async function compress(path: string): Promise<void> {
  const bytes = await readFile(path)
  const [small, older] = await Promise.all([
    brotli(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
    gz(bytes, { level: 9 }),
  ])
  await Promise.all([writeFile(`${path}.br`, small), writeFile(`${path}.gz`, older)])
}

/**
 * The print engine: 28 MB, 8.2 MB at quality 7 in 3 s of one core. Quality 9 would take 11 s for 2 % less; nothing that runs this
 * app lacks brotli, so there is no `.gz`. The result is kept beside the build by its content, since it changes once a year.
 */
async function compressLarge(path: string, kept: string): Promise<void> {
  const bytes = await readFile(path)
  const name = join(kept, `${createHash('sha256').update(bytes).digest('hex')}-7.br`)
  let small = await readFile(name).catch(() => undefined)
  if (!small) {
    const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = constants
    small = await brotli(bytes, {
      params: { [BROTLI_PARAM_QUALITY]: 7, [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_SIZE_HINT]: bytes.length },
    })
    await mkdir(kept, { recursive: true })
    // Under another name first: a build that is killed leaves no half of it.
    await writeFile(`${name}.${process.pid}`, small)
    await rename(`${name}.${process.pid}`, name)
  }
  await writeFile(`${path}.br`, small)
}
