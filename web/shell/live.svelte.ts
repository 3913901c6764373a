import { createSubscriber } from 'svelte/reactivity'
import type { Smarak } from '../../client/views.ts'

/** The client's own values as state: whatever reads them is drawn again when the client says that they changed. */
export class Live {
  readonly client: Smarak
  #watch: () => void

  constructor(client: Smarak) {
    this.client = client
    this.#watch = createSubscriber((update) => client.onChange(update))
  }

  get me() {
    this.#watch()
    return this.client.me
  }
  get rows() {
    this.#watch()
    return this.client.rows
  }
  get outbox() {
    this.#watch()
    return this.client.outbox
  }
  get connection() {
    this.#watch()
    return this.client.connection
  }
  get locked() {
    this.#watch()
    return this.client.locked
  }
  get demo() {
    return this.client.demo
  }
}
