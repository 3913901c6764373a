/** What can be known about another process of this machine. */
import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * A word that no other process of this machine ever shares with `pid`, also after the number is used again; undefined
 * when no such process lives. A zombie does not live.
 */
export async function birthOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') {
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
    return stdout.trim() || undefined
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (!stat) return undefined
  // proc(5): after the name in parentheses come the state (3rd) and, as the 22nd, the start in ticks since boot
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  return `${boot.trim()}/${fields[19]}`
}

/** Whether `pid` is a living PostgreSQL of exactly this data directory, where that can be told. */
export async function isPostgresOf(pid: number, cluster: string): Promise<boolean> {
  if (!(await birthOf(pid))) return false
  if (process.platform !== 'linux') {
    const { stdout } = await run('ps', ['-o', 'comm=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
    return /postgres/.test(stdout)
  }
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
  if (name.trim() !== 'postgres') return false
  const home = await readlink(`/proc/${pid}/cwd`).catch(() => undefined) // unreadable: another user's
  return home === undefined || home === cluster
}

/** Waits until `pid` is gone; false when it still lives after `ms`. */
export async function gone(pid: number, ms: number): Promise<boolean> {
  const end = performance.now() + ms
  for (;;) {
    if (!(await birthOf(pid))) return true
    if (performance.now() > end) return false
    await sleep(10)
  }
}
