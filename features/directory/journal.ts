/**
 * A map that can take back what was written since `begin`: the sequencer folds a batch while its transaction is open and
 * takes it back when the transaction fails. Values are replaced, never changed in place.
 */
export class JournaledMap<K, V> {
  readonly #map = new Map<K, V>()
  #undo: { key: K; before: V | undefined }[] | undefined

  get(key: K): V | undefined {
    return this.#map.get(key)
  }

  has(key: K): boolean {
    return this.#map.has(key)
  }

  values(): IterableIterator<V> {
    return this.#map.values()
  }

  get size(): number {
    return this.#map.size
  }

  set(key: K, value: V): void {
    this.#undo?.push({ key, before: this.#map.get(key) })
    this.#map.set(key, value)
  }

  delete(key: K): void {
    this.#undo?.push({ key, before: this.#map.get(key) })
    this.#map.delete(key)
  }

  begin(): void {
    this.#undo = []
  }

  commit(): void {
    this.#undo = undefined
  }

  rollback(): void {
    for (const { key, before } of this.#undo?.reverse() ?? []) {
      if (before === undefined) this.#map.delete(key)
      else this.#map.set(key, before)
    }
    this.#undo = undefined
  }
}

/** Many values to a key, in order of arrival; adding and removing cost the same however many there are. */
export class JournaledIndex<K, V> {
  readonly #sets = new Map<K, Set<V>>()
  #undo: (() => void)[] | undefined

  of(key: K): Iterable<V> {
    return this.#sets.get(key) ?? []
  }

  add(key: K, value: V): void {
    const set = this.#sets.get(key) ?? new Set()
    if (set.has(value)) return
    this.#sets.set(key, set.add(value))
    this.#undo?.push(() => set.delete(value))
  }

  remove(key: K, value: V): void {
    const set = this.#sets.get(key)
    if (set?.delete(value)) this.#undo?.push(() => set.add(value))
  }

  begin(): void {
    this.#undo = []
  }

  commit(): void {
    this.#undo = undefined
  }

  rollback(): void {
    for (const undo of this.#undo?.reverse() ?? []) undo()
    this.#undo = undefined
  }
}
