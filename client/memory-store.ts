import { type Change, type Store, TABLES, type Table } from './store.ts'

/** A store that ends with the process: for simulated officials and tests. Values are kept as given, not copied. */
export class MemoryStore implements Store {
  readonly keepsKeys = true
  readonly #tables = new Map<Table, Map<string, unknown>>(TABLES.map((table) => [table, new Map()]))
  /** Tests set this to see what happens when there is no room, or when the power goes. */
  failWrites: Error | null = null

  async get<T>(table: Table, key: string): Promise<T | undefined> {
    return this.#tables.get(table)!.get(key) as T | undefined
  }

  async list<T>(table: Table): Promise<[string, T][]> {
    const rows = [...this.#tables.get(table)!] as [string, T][]
    return rows.sort(([a], [b]) => (a < b ? -1 : 1))
  }

  async write(changes: Change[]): Promise<void> {
    if (this.failWrites) throw this.failWrites
    for (const { table, key, value } of changes) {
      if (value === undefined) this.#tables.get(table)!.delete(key)
      else this.#tables.get(table)!.set(key, value)
    }
  }

  async close(): Promise<void> {}
}
