/**
 * Room on the disk. PostgreSQL out of room does not merely refuse: it may stop and not come up again before there is
 * some. So we refuse first, while it still has room to write down what it is doing.
 */
import { statfs } from 'node:fs/promises'
import { Refusal } from '../core/refusal.ts'

export const LEAST_FREE = 64 * 1024 * 1024

/**
 * Returns a check to call before taking anything in: it throws `Refusal('disk_full')` when less than `least` bytes are
 * free where `path` lies. It looks at the disk once a second at most.
 */
export function guardDisk(
  path: string,
  least = LEAST_FREE,
  now: () => number = () => performance.now(),
): () => Promise<void> {
  let looked = -Infinity
  let free: Promise<number> = Promise.resolve(Infinity)
  return async () => {
    if (now() - looked >= 1_000) {
      looked = now()
      free = statfs(path).then(({ bavail, bsize }) => bavail * bsize)
    }
    const left = await free
    if (left < least)
      throw new Refusal(
        'disk_full',
        `Only ${Math.floor(left / 1e6)} MB are free under ${path}; make room and try again`,
        {
          freeMegabytes: Math.floor(left / 1e6),
        },
      )
  }
}
