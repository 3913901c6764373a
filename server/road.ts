/** The road of every item, joined up: accept, sequencer, and the log as it may be read. */
import type { Bytes } from '../core/bytes.ts'
import type { Cbor } from '../core/cbor.ts'
import { acceptRequest, type Kinds } from './accept.ts'
import { checkpointFile } from './checkpoint-file.ts'
import type { Db } from './db.ts'
import type { Announcement } from './effects.ts'
import type { Feature, State } from './feature.ts'
import type { Lost } from './given-back.ts'
import { SigningKeys } from './keys.ts'
import type { Log } from './log.ts'
import type { LogKey } from './log-key.ts'
import { type LogView, readView, TileReader } from './log-view.ts'
import { behindMessage, compareWithFile } from './open-log.ts'
import { Sequencer } from './sequencer.ts'
import { openVerifyPool, type VerifyPool } from './verify-pool.ts'

export type Road = {
  /** `POST /items`, see `acceptRequest`. */
  accept(request: Bytes): Promise<Cbor>
  /** The newest state of the log that may be shown. */
  readonly view: LogView
  readonly tiles: TileReader
  readonly keys: SigningKeys
  readonly sequencer: Sequencer
  readonly pool: VerifyPool
  /** What the checkpoint file vouches for and the database has not; undefined where nothing is missing. */
  readonly lost: Lost | undefined
  close(): Promise<void>
}

export type RoadNeeds = {
  db: Db
  key: LogKey
  /** Where the newest checkpoint is kept, outside the database. */
  checkpointFile: string
  state: State
  features: readonly Feature[]
  log: Log
  now?: () => number
  announce?: (announcement: Announcement) => void
  /** Where the operator reads why nothing is accepted. */
  warn?: (message: string) => void
  /** See `SequencerNeeds`. */
  room?: (() => Promise<void>) | undefined
}

/**
 * Opens the log of a migrated database. When the database is behind the checkpoint file it is open for reading only and
 * says so through `warn`. Throws `Refusal`: `log_damaged`, `log_in_use`, `database_unavailable`, `disk_full`.
 */
export async function openRoad(needs: RoadNeeds): Promise<Road> {
  const { db, key, state, features, log } = needs
  const kinds: Kinds = new Map(features.flatMap((feature) => feature.kinds.map((kind) => [kind.name, kind])))
  const view = await readView(db, key)
  const saved = await compareWithFile(db, view, needs.checkpointFile, key)
  if (saved.refusal) {
    log.fatal({ code: saved.refusal.code, ...saved.refusal.details }, saved.refusal.message)
    needs.warn?.(behindMessage(saved.refusal, needs.checkpointFile))
  }
  for (const feature of features) await feature.restore?.(db)

  const sequencer = new Sequencer({
    db,
    view,
    key,
    file: checkpointFile(needs.checkpointFile, saved.size),
    state,
    features,
    log,
    now: needs.now ?? Date.now,
    announce: needs.announce ?? (() => {}),
    refusal: saved.refusal,
    room: needs.room,
  })
  await sequencer.start()
  const keys = new SigningKeys(db)
  const pool = openVerifyPool(undefined, (error) => log.error({ err: error }, 'a verifying thread failed'))
  const onFault = (error: unknown) => log.error({ err: error }, 'an item could not be read for a fault of ours')
  return {
    accept: (request) =>
      acceptRequest({ kinds, keys, pool, onFault, place: (items) => sequencer.place(items) }, request),
    get view() {
      return sequencer.view
    },
    tiles: new TileReader(db),
    keys,
    sequencer,
    pool,
    lost: saved.size > view.size ? { from: view.size, to: saved.size } : undefined,
    async close() {
      await sequencer.stop()
      await pool.close()
    },
  }
}
