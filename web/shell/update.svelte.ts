/** A newer app waits beside this one: it takes over when the reader says so, or when the last page closes. */
class Update {
  ready = $state(false)
  #waiting: ServiceWorker | null = null

  watch(registration: ServiceWorkerRegistration): void {
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
  }

  take(): void {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
    this.#waiting?.postMessage({ skipWaiting: true })
  }
}

export const update = new Update()
