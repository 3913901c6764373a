/** What the browser says of its store for this app. `persisted`: null where it does not say; sizes likewise. */
export type Room = { persisted: boolean | null; used: number | null; free: number | null }

/** Less than this and a few photographs fill it. */
export const LOW_ROOM = 50e6

export async function roomHere(): Promise<Room> {
  const { storage } = navigator
  const persisted = (await storage?.persisted?.().catch(() => null)) ?? null
  const { usage, quota } = (await storage?.estimate?.().catch(() => null)) ?? {}
  const known = usage !== undefined && quota !== undefined
  return { persisted, used: usage ?? null, free: known ? Math.max(0, quota - usage) : null }
}

/** Asks the browser to delete nothing of this app by itself; it may ask the reader. Its answer. */
export async function askToKeep(): Promise<boolean> {
  return (await navigator.storage?.persist?.().catch(() => false)) ?? false
}
