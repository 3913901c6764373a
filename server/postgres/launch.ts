/** Under whom PostgreSQL runs. It refuses root, and initdb refuses a user without a name; there are ways round both. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { chmod, chown, mkdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Refusal } from '../../core/refusal.ts'
import type { Binaries } from './binaries.ts'

const NOBODY = 65534

type User = { uid: number; gid: number }

export type Launcher = {
  /** For logs and refusals. */
  way: string
  spawn(file: string, args: string[], options: SpawnOptions): ChildProcess
  /** Makes a directory PostgreSQL will own. */
  own(directory: string): Promise<void>
}

/**
 * Chooses the way to run PostgreSQL on the cluster at `cluster` (which need not exist yet; its parent must).
 *
 * An ordinary user runs it directly, or, having no name in /etc/passwd (initdb insists on one), in a user namespace where
 * he is called nobody. Root does not run it: data of an ordinary user run as that user; otherwise in a namespace as above
 * (files stay root's), otherwise as nobody. Each way is tried before it is chosen.
 * `passable` names the directories of ours above the cluster: another user is let through them, but not to read them.
 * Throws `Refusal('postgres_cannot_start')` that says what to do.
 */
export async function chooseLauncher(cluster: string, binaries: Binaries, passable: string[]): Promise<Launcher> {
  const parent = dirname(cluster)
  const tried: string[] = []
  for (const candidate of await candidates(cluster, passable)) {
    const fault = await tryOut(candidate, parent, binaries)
    if (!fault) return candidate
    tried.push(`${candidate.way}: ${fault}`)
  }
  const advice = isRoot()
    ? 'start as an ordinary user; allow user namespaces; put the checkout and the data where everybody may pass ' +
      `(\`chmod o+x\` on ${parent} and above)`
    : `see that ${parent} is yours; give your user a name in /etc/passwd; give --data another directory`
  throw new Refusal(
    'postgres_cannot_start',
    `PostgreSQL cannot be run here (${tried.join('; ')}). Do one of these: ${advice}; or set DATABASE_URL to a ` +
      'PostgreSQL 15 or newer',
    { tried },
  )
}

async function candidates(cluster: string, passable: string[]): Promise<Launcher[]> {
  const as = (user: User) => ({ user, passable })
  if (!isRoot()) return [direct(), inNamespace()]
  const owner = await ownerOf(cluster)
  if (owner) return owner.uid === 0 ? [inNamespace()] : [direct(as(owner)), inNamespace(as(owner))]
  const host = await ownerOf(dirname(cluster))
  const asHost = host && host.uid !== 0 ? [direct(as(host)), inNamespace(as(host))] : []
  return [...asHost, inNamespace(), direct(as({ uid: NOBODY, gid: NOBODY }))]
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

async function ownerOf(path: string): Promise<User | undefined> {
  return await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

type Other = { user: User; passable: string[] }

function direct(other?: Other): Launcher {
  return {
    way: other ? `as user ${other.user.uid}` : 'as ourselves',
    spawn: (file, args, options) => spawn(file, args, { ...options, ...other?.user }),
    own: (path) => makeOwn(path, other),
  }
}

function inNamespace(other?: Other): Launcher {
  // unshare replaces itself by the program, so the child's pid is the program's
  const map = [`--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--']
  return {
    way: `in a user namespace${other ? ` as user ${other.user.uid}` : ''}`,
    spawn: (file, args, options) => spawn('unshare', [...map, file, ...args], { ...options, ...other?.user }),
    own: (path) => makeOwn(path, other),
  }
}

async function makeOwn(path: string, other: Other | undefined): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  if (!other) return
  await chown(path, other.user.uid, other.user.gid)
  for (const above of other.passable) {
    const { mode, uid } = await stat(above)
    if (uid !== other.user.uid) await chmod(above, (mode & 0o777) | 0o001)
  }
}

/** What stands in the way, or undefined: may this user write a directory made for him, has he a name, does PostgreSQL load? */
async function tryOut(launcher: Launcher, parent: string, binaries: Binaries): Promise<string | undefined> {
  const probe = join(parent, `.probe-${process.pid}`)
  const script = 'touch "$1/x" && rm "$1/x" && id -un >/dev/null && exec "$2" --version'
  try {
    await launcher.own(probe)
    const child = launcher.spawn('sh', ['-c', script, 'sh', probe, binaries.postgres], {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: '/',
      env: environment(binaries),
    })
    let said = ''
    child.stderr?.on('data', (chunk) => {
      said += chunk
    })
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
    return code === 0 ? undefined : said.trim().split('\n')[0] || `exit code ${code}`
  } catch (error) {
    return (error as Error).message
  } finally {
    await rm(probe, { recursive: true, force: true }).catch(() => {}) // an empty directory may stay; nothing reads it
  }
}

/** The whole environment of PostgreSQL: nothing of ours leaks into it, and dates in its log are UTC. */
export function environment(binaries: Binaries): NodeJS.ProcessEnv {
  const libraries = binaries.libraries && { LD_LIBRARY_PATH: binaries.libraries }
  return { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', TZ: 'UTC', LC_ALL: 'C', ...libraries }
}
