import { createSubscriber } from 'svelte/reactivity'
import type { Smarak } from '../../client/views.ts'

/** The client's own values as state: whatever reads them is drawn again when the client says that they changed. */
export class Live {
  readonly client: Smarak
  #watch: () => void

  constructor(client: Smarak) {
    this.client = client
    this.#watch = createSubscriber((update) => {
      const off = client.onChange(update)
      for (const event of ['online', 'offline']) addEventListener(event, update)
      return () => {
        off()
        for (const event of ['online', 'offline']) removeEventListener(event, update)
      }
    })
  }

  get me() {
    this.#watch()
    return this.client.me
  }
  get rows() {
    this.#watch()
    return this.client.rows
  }
  get drafts() {
    this.#watch()
    return this.client.following.drafts
  }
  get absences() {
    this.#watch()
    return this.client.following.absences
  }
  acting(post: string) {
    this.#watch()
    return this.client.following.acting(post)
  }
  get outbox() {
    this.#watch()
    return this.client.outbox
  }
  /** What the browser knows before the first request fails counts too: a page opened without a network says so at once. */
  get connection() {
    this.#watch()
    const { connection } = this.client
    return navigator.onLine ? connection : { ...connection, online: false }
  }
  get locked() {
    this.#watch()
    return this.client.locked
  }
  get guard() {
    this.#watch()
    return this.client.guard
  }
  get demo() {
    return this.client.demo
  }
}
