/** What somebody is writing, kept on this device only: it is no item and no draft laid before anybody. */
import type { Device } from './device.ts'

/** What was noted under `key`; undefined where nothing was. */
export async function noted({ store, locker }: Pick<Device, 'store' | 'locker'>, key: string): Promise<unknown> {
  const kept = await store.get<Uint8Array<ArrayBuffer>>('meta', `draft ${key}`)
  if (!kept) return undefined
  return JSON.parse(new TextDecoder().decode(await locker.open(kept, `draft ${key}`)))
}

/** Notes a value under `key`, encrypted; null or undefined forgets it. */
export async function note(
  { store, locker }: Pick<Device, 'store' | 'locker'>,
  key: string,
  value: unknown,
): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(value ?? null))
  const sealed = value === undefined || value === null ? undefined : await locker.seal(bytes, `draft ${key}`)
  await store.write([{ table: 'meta', key: `draft ${key}`, value: sealed }])
}
