import { toBase64url } from '../../../core/bytes.ts'
import type { Item } from '../../../core/item.ts'
import type { Place } from '../../../core/kind.ts'
import type { Db } from '../../../server/db.ts'
import { type Announcement, GatheredEffects } from '../../../server/effects.ts'
import type { Placed } from '../../../server/feature.ts'
import type { Id } from '../../directory/index.ts'
import { type DirectivesFeature, type DirectivesNeeds, directivesFeature } from '../feature.ts'
import type { Made, Service } from './service.ts'

type Options = Partial<Omit<DirectivesNeeds, 'db' | 'directory' | 'directives' | 'now'>>

/**
 * The stretch of the road this feature stands on, over a real database: load, rules in log order, projections and inbox in
 * one transaction. What the road itself does (signatures, leaves, checkpoints) is tried with the road.
 */
export class TestRoad {
  readonly service: Service
  readonly db: Db
  readonly feature: DirectivesFeature
  readonly boards: Id[] = []
  woken: Announcement['parties'] = new Set()
  #index: number

  constructor(service: Service, db: Db, options: Options = {}) {
    const { directory, directives } = service
    this.service = service
    this.db = db
    this.#index = service.directory.size
    this.feature = directivesFeature({
      db,
      directory,
      directives,
      now: () => service.time,
      onError: (error) => {
        throw error
      },
      ...options,
    })
  }

  get size(): number {
    return this.#index
  }

  /** Places items in one batch; the first refusal takes the whole batch back and is thrown. Gives their ids. */
  async place(...made: Made[]): Promise<Id[]> {
    const { state, directives, directory, time } = this.service
    const entries = made.map((one) => ({ kind: one.kind, entry: this.service.read(one), header: one.header }))
    const effects = new GatheredEffects()
    let placed: Placed[] = []
    try {
      await this.db.write(async (tx) => {
        for (const part of [directory, directives]) part.begin()
        await this.feature.load?.(tx, entries as never)
        placed = entries.map(({ kind, entry, header }, i) => {
          const at = { index: this.#index + i, time }
          kind.authority(entry, header, state, at)
          kind.rule?.(entry, header, state, at)
          const place: Place = { ...at, leafHash: new Uint8Array(32) }
          kind.apply(entry, header, place, state)
          const item = { header, wraps: made[i]!.wraps } as unknown as Item
          return { kind, entry, header, item, place, chain: new Uint8Array(0), sequence: 0, leaf: new Uint8Array(0) }
        }) as Placed[]
        for (const { item, place } of placed) {
          await tx.query(
            `INSERT INTO wrap (index, position, ring, generation, enc, ct, path)
             SELECT $1, o - 1, ring, generation, '', '', ''
             FROM unnest($2::bytea[], $3::int[]) WITH ORDINALITY w (ring, generation, o)`,
            [place.index, item.wraps.map(({ ring }) => ring), item.wraps.map(({ generation }) => generation)],
          )
        }
        await this.feature.project?.(tx, placed, effects)
        await effects.write(tx)
      })
    } catch (error) {
      for (const part of [directory, directives]) part.rollback()
      throw error
    }
    for (const part of [directory, directives]) part.commit()
    this.#index += made.length
    this.woken = effects.parties
    this.boards.push(...effects.boards)
    this.feature.afterCommit?.(placed)
    return made.map(({ header }) => toBase64url(header.id))
  }

  /** Indexes a party may see: those of its inbox, and those the feature answers for. */
  async seenBy(party: Id): Promise<number[]> {
    const extra = this.feature.inbox?.(party, 0, this.#index, 1_000) ?? []
    const rows = await this.db.many<{ index: number }>('SELECT index FROM inbox WHERE party = $1', [
      Uint8Array.fromBase64(party, { alphabet: 'base64url' }),
    ])
    return [...new Set([...extra, ...rows.map(({ index }) => index)])].sort((a, b) => a - b)
  }
}
