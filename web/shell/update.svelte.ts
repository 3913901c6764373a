/** A newer app waits beside this one: it takes over when the reader says so, or when the last page closes. */
class Update {
  ready = $state(false)
  #registration: ServiceWorkerRegistration | null = null
  #waiting: ServiceWorker | null = null

  watch(registration: ServiceWorkerRegistration): void {
    this.#registration = registration
    const offer = (worker: ServiceWorker | null) => {
      if (!worker || !navigator.serviceWorker.controller) return
      this.#waiting = worker
      this.ready = true
    }
    offer(registration.waiting)
    registration.addEventListener('updatefound', () => {
      const fresh = registration.installing
      fresh?.addEventListener('statechange', () => fresh.state === 'installed' && offer(fresh))
    })
    let controlled = navigator.serviceWorker.controller !== null
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      // Another page of this app said so: this one is the older now.
      if (controlled) this.ready = true
      controlled = true
    })
  }

  /** Asks the server whether there is a newer app; without a network nothing comes of it. */
  look(): void {
    this.#registration?.update().catch(() => {})
  }

  take(): void {
    if (this.#waiting?.state === 'installed') {
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
      this.#waiting.postMessage({ skipWaiting: true })
    } else location.reload()
  }
}

export const update = new Update()
