import { idText } from '../core/item.ts'
import type { Tx } from './db.ts'
import type { Effects, Placed } from './feature.ts'

/** What goes out after a batch is safe. Ids as text. */
export type Announcement = {
  /** The size of the log a listener should sync to. */
  size: number
  placed: Placed[]
  parties: Set<string>
  boards: Set<string>
  revoked: Set<string>
}

/** Gathers what projections ask for, to be written in their transaction and announced after it. */
export class GatheredEffects implements Effects {
  readonly parties = new Set<string>()
  readonly boards = new Set<string>()
  readonly revoked = new Set<string>()
  readonly #inbox: { parties: Uint8Array[]; indexes: number[] } = { parties: [], indexes: [] }
  readonly #devices: Uint8Array[] = []

  show(index: number, parties: Iterable<Uint8Array>): void {
    for (const party of parties) {
      this.#inbox.parties.push(party)
      this.#inbox.indexes.push(index)
      this.parties.add(idText(party))
    }
  }

  wake(parties: Iterable<Uint8Array>): void {
    for (const party of parties) this.parties.add(idText(party))
  }

  wakeBoard(directives: Iterable<Uint8Array>): void {
    for (const directive of directives) this.boards.add(idText(directive))
  }

  revoke(devices: Iterable<Uint8Array>): void {
    for (const device of devices) {
      this.#devices.push(device)
      this.revoked.add(idText(device))
    }
  }

  async write(tx: Tx): Promise<void> {
    await Promise.all([
      this.#inbox.indexes.length > 0 &&
        tx.query(
          `INSERT INTO inbox (party, index) SELECT * FROM unnest($1::bytea[], $2::bigint[]) ON CONFLICT DO NOTHING`,
          [this.#inbox.parties, this.#inbox.indexes],
        ),
      this.#devices.length > 0 && tx.query('DELETE FROM session WHERE device = any($1::bytea[])', [this.#devices]),
      // Its browser is told nothing any more.
      this.#devices.length > 0 &&
        tx.query('DELETE FROM push_subscription WHERE device = any($1::bytea[])', [this.#devices]),
    ])
  }
}
