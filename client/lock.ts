/** Runs `work` alone among all who ask for the same name, in the order they asked. */
export type Lock = <T>(name: string, work: () => Promise<T>) => Promise<T>

/** Within one process: enough where the process has the store to itself. */
export function processLock(): Lock {
  const turns = new Map<string, Promise<unknown>>()
  return (name, work) => {
    const mine = (turns.get(name) ?? Promise.resolve()).then(work, work)
    turns.set(
      name,
      mine.catch(() => {}),
    )
    return mine
  }
}

/** Across the tabs of a browser, by Web Locks. */
export function tabLock(prefix = 'smarak'): Lock {
  return <T>(name: string, work: () => Promise<T>) =>
    navigator.locks.request(`${prefix}:${name}`, work) as unknown as Promise<T>
}
