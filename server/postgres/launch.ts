/** Under whom PostgreSQL runs. It refuses root, so as root one of several ways out is tried. */
import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process'
import { chmod, chown, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { Refusal } from '../../core/refusal.ts'
import type { Binaries } from './binaries.ts'

const NOBODY = 65534
const run = promisify(execFile)

export type Launcher = {
  way: 'as ourselves' | 'in a user namespace' | 'as the owner' | 'as nobody'
  spawn(file: string, args: string[], options: SpawnOptions): ChildProcess
  /** Makes a directory PostgreSQL will own. */
  own(directory: string): Promise<void>
}

/**
 * Chooses the way to run `postgres` on the cluster at `cluster` (which need not exist yet; its parent must).
 *
 * As root: a cluster that belongs to an ordinary user runs as that user; otherwise in a user namespace where root is
 * called nobody (files stay root's own), otherwise as nobody itself. Each is tried before it is chosen.
 * Throws `Refusal('postgres_cannot_start')` that says what to do.
 */
export async function chooseLauncher(cluster: string, binaries: Binaries): Promise<Launcher> {
  if (process.getuid?.() !== 0) return { way: 'as ourselves', spawn, own: async (path) => void (await makeOwn(path)) }
  const owner = await ownerOf(cluster)
  const candidates =
    owner === undefined
      ? [await byOwner(dirname(cluster)), inNamespace(), asUser('as nobody', NOBODY, NOBODY)]
      : owner.uid === 0
        ? [inNamespace()]
        : [asUser('as the owner', owner.uid, owner.gid)]
  const tried: string[] = []
  for (const candidate of candidates) {
    if (!candidate) continue
    const fault = await tryOut(candidate, dirname(cluster), binaries)
    if (!fault) return candidate
    tried.push(`${candidate.way}: ${fault}`)
  }
  throw new Refusal(
    'postgres_cannot_start',
    `PostgreSQL does not run as root, and no other way works here (${tried.join('; ')}). Do one of these: start as an ` +
      'ordinary user; allow user namespaces; put the checkout and the data where everybody may read ' +
      `(${dirname(cluster)} and above need \`chmod o+x\`); or set DATABASE_URL to a PostgreSQL 15 or newer`,
    { tried },
  )
}

async function ownerOf(path: string): Promise<{ uid: number; gid: number } | undefined> {
  return await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

async function byOwner(parent: string): Promise<Launcher | undefined> {
  const owner = await ownerOf(parent)
  return owner && owner.uid !== 0 ? asUser('as the owner', owner.uid, owner.gid) : undefined
}

function inNamespace(): Launcher {
  return {
    way: 'in a user namespace',
    // unshare replaces itself by the program, so the child's pid is the program's
    spawn: (file, args, options) =>
      spawn('unshare', [`--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--', file, ...args], options),
    own: async (path) => void (await makeOwn(path)),
  }
}

function asUser(way: Launcher['way'], uid: number, gid: number): Launcher {
  return {
    way,
    spawn: (file, args, options) => spawn(file, args, { ...options, uid, gid }),
    async own(path) {
      await makeOwn(path)
      await chown(path, uid, gid)
      // @NOTE The user must be able to pass through our data directory; everything else in it keeps 0600 and 0700.
      await chmod(dirname(path), ((await stat(dirname(path))).mode & 0o777) | 0o011)
    },
  }
}

async function makeOwn(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
}

/** What stands in the way, or undefined: can this user reach a directory made for it, and execute PostgreSQL? */
async function tryOut(launcher: Launcher, parent: string, binaries: Binaries): Promise<string | undefined> {
  const probe = `${parent}/.probe-${process.pid}`
  try {
    await launcher.own(probe)
    const child = launcher.spawn(
      'sh',
      ['-c', 'touch "$1/x" && rm "$1/x" && exec "$2" --version', 'sh', probe, binaries.postgres],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        cwd: '/',
        env: environment(binaries),
      },
    )
    let said = ''
    child.stderr?.on('data', (chunk) => {
      said += chunk
    })
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
    return code === 0 ? undefined : said.trim().split('\n')[0] || `exit code ${code}`
  } catch (error) {
    return (error as Error).message
  } finally {
    await run('rm', ['-rf', probe]).catch(() => {}) // an empty directory may stay; nothing reads it
  }
}

/** The whole environment of PostgreSQL: nothing of ours leaks into it, and dates in its log are UTC. */
export function environment(binaries: Binaries): NodeJS.ProcessEnv {
  const libraries = binaries.libraries && { LD_LIBRARY_PATH: binaries.libraries }
  return { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', TZ: 'UTC', LC_ALL: 'C', ...libraries }
}
