/** Files beside the road: docs/contract.md, "Files". */
import type { Feature } from '../feature.ts'
import type { Log } from '../log.ts'
import { filesOf } from './about.ts'
import { fileRoutes } from './routes.ts'
import { type ChunkNeeds, ChunkStore } from './store.ts'

export { chunkReferences, chunksPresent, markReferenced } from './references.ts'
export { ChunkStore, PASSING_MS, ROOM } from './store.ts'

export type Files = {
  store: ChunkStore
  /** For its routes and what it notes of people; it has no kinds. */
  feature: Feature
  /** Begins to sweep, now and every hour. */
  start(): void
  close(): Promise<void>
}

const SWEEP_EVERY = 3_600_000

export function openFiles(needs: ChunkNeeds & { log: Pick<Log, 'error'> }): Files {
  const store = new ChunkStore(needs)
  let timer: NodeJS.Timeout | undefined
  let closing = false
  let sweeping: Promise<unknown> = Promise.resolve()
  const sweep = () => {
    sweeping = store
      .sweep(() => closing)
      .catch((error: unknown) => {
        needs.log.error({ err: error }, 'chunks were not swept; it is tried again in an hour')
      })
  }
  return {
    store,
    feature: {
      name: 'files',
      kinds: [],
      aboutMe: ({ person }) => filesOf(needs.db, person),
      routes: fileRoutes(store),
    },
    start() {
      sweep()
      timer = setInterval(sweep, SWEEP_EVERY).unref()
    },
    async close() {
      closing = true
      clearInterval(timer)
      await sweeping
    },
  }
}
