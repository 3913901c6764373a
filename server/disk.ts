/**
 * Room on the disk. PostgreSQL out of room does not merely refuse: it may stop and not come up again before there is
 * some. So we refuse first, while it still has room to write down what it is doing.
 */
import { statfs } from 'node:fs/promises'
import { Refusal } from '../core/refusal.ts'

/** Four files of PostgreSQL's log, which it fills one after the other. */
export const LEAST_FREE = 64 * 1024 * 1024

/**
 * Returns a check to call before taking anything in: it throws `Refusal('disk_full')` when less than `least` bytes are
 * free on a disk where one of `paths` lies. It looks once a second at most. A disk that cannot be asked hinders nobody.
 */
export function guardDisk(
  paths: readonly string[],
  least = LEAST_FREE,
  now: () => number = () => performance.now(),
): () => Promise<void> {
  let looked = -Infinity
  let free: Promise<Room[]> = Promise.resolve([])
  return async () => {
    if (now() - looked >= 1_000) {
      looked = now()
      free = Promise.all(paths.map(roomAt))
    }
    for (const { path, left } of await free) {
      if (left >= least) continue
      const freeMegabytes = Math.floor(left / 1e6)
      const said = `Only ${freeMegabytes} MB are free under ${path}; make room and try again`
      throw new Refusal('disk_full', said, { freeMegabytes })
    }
  }
}

type Room = { path: string; left: number }

async function roomAt(path: string): Promise<Room> {
  try {
    const { bavail, bsize } = await statfs(path)
    return { path, left: bavail * bsize }
  } catch {
    return { path, left: Infinity } // whoever writes there says what is wrong with it
  }
}
