import type { DirectiveRow } from '../../client/views.ts'
import type { Live } from './live.svelte.ts'
import type { Prefs } from './prefs.svelte.ts'

/**
 * Says that a directive came while the page is open but not looked at. The words carry kind, urgency and office, never
 * text; of a graded one, only that it came. What stood there when watching began is not announced.
 */
export function announceArrivals(app: Live, prefs: Prefs): () => void {
  const known = new Set(app.client.rows.map(({ id }) => id))
  return app.client.onChange(() => {
    for (const row of app.client.rows) {
      if (known.has(row.id)) continue
      known.add(row.id)
      if (row.role !== 'addressed' && row.role !== 'fallback') continue
      if (document.visibilityState === 'visible') continue
      void showNotification(wordsOf(prefs, row), row.id)
    }
  })
}

function wordsOf(prefs: Prefs, { grade, urgency, issuer }: DirectiveRow): string {
  if (grade > 0) return prefs.say('shell.notifications.graded')
  const office = prefs.name(issuer.office)
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
