import type { Arrival } from '../../client/views.ts'
import type { Live } from './live.svelte.ts'
import type { Prefs } from './prefs.svelte.ts'

/**
 * Says that a directive came while the page is open but not looked at. The words carry kind, urgency and office, never
 * text; of a graded one, only that it came. A locked app announces as well. What stood there when watching began does not.
 */
export function announceArrivals(app: Live, prefs: Prefs): () => void {
  const known = new Set(app.client.arrivals.map(({ id }) => id))
  return app.client.onChange(() => {
    for (const arrival of app.client.arrivals) {
      if (known.has(arrival.id)) continue
      known.add(arrival.id)
      if (document.visibilityState === 'visible') continue
      void showNotification(wordsOf(prefs, arrival), arrival.id)
    }
  })
}

function wordsOf(prefs: Prefs, { grade, urgency, office: name }: Arrival): string {
  if (grade > 0) return prefs.say('shell.notifications.graded')
  const office = prefs.name(name)
  return urgency > 0
    ? prefs.say('shell.notifications.urgent', { office })
    : prefs.say('shell.notifications.directive', { office })
}

/** Shows one notification when the reader allowed them; `tag` keeps the same one from showing twice. */
export async function showNotification(words: string, tag: string): Promise<void> {
  if (!('Notification' in window) || Notification.permission !== 'granted') return
  const worker = await navigator.serviceWorker?.getRegistration()
  const options = { tag, icon: '/icon-192.png', lang: document.documentElement.lang }
  if (worker) await worker.showNotification(words, options)
  else new Notification(words, options)
}
