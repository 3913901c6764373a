import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { openFileStore } from '../client/file-store.ts'
import type { Store } from '../client/store.ts'
import { Refusal } from '../core/refusal.ts'
import { type Args, Usage } from './command.ts'

/** Where a profile remembers the address of its server: `join` writes it, `--server` goes before it. */
export const SERVER = { table: 'meta', key: 'server' } as const

/** `--server` as an origin without a slash at its end. Throws `Usage`. */
export function serverIn(args: Args): string | undefined {
  const typed = args.text('server')
  if (typed === undefined) return undefined
  const url = URL.canParse(typed) ? new URL(typed) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw new Usage('bad_value', { option: '--server', value: typed })
  return url.origin
}

/**
 * The profile in a directory where somebody has joined, and the server it belongs to. The caller closes the store. Throws
 * `Refusal`: `no_profile`, `profile_busy`; `Usage` where no server is known.
 */
export async function openProfile(directory: string, args: Args): Promise<{ store: Store; server: string }> {
  await access(join(directory, 'keys', 'device')).catch((cause) => {
    throw Object.assign(new Refusal('no_profile', `Nobody has joined with ${directory}`, { profile: directory }), {
      cause,
    })
  })
  const store = await openFileStore(directory)
  const server = serverIn(args) ?? (await store.get<string>(SERVER.table, SERVER.key))
  if (server !== undefined) return { store, server }
  await store.close()
  throw new Usage('missing_option', { option: '--server' })
}
