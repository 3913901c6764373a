import type { Arrival, Smarak } from '../../client/views.ts'
import { toBase64url } from '../../core/bytes.ts'
import type { Lang } from '../../language/digits.ts'
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

/**
 * Has this browser told by push, also while no page is open, and has the service send a test. 'absent' where the browser or the
 * service knows no push; 'failed' where the browser's push service, the server or the network said no.
 */
export async function turnPushOn(client: Pick<Smarak, 'api'>, lang: Lang): Promise<'on' | 'absent' | 'failed'> {
  const state = await subscribe(client, lang)
  if (state !== 'on') return state
  return client.api('/api/push/test', {}).then(
    () => 'on',
    () => 'failed',
  )
}

/** At each start: a browser changes its address now and then, and the server is told the one of today. Asks the reader nothing. */
export async function keepPush(client: Pick<Smarak, 'api'>, lang: Lang): Promise<void> {
  if ('Notification' in window && Notification.permission === 'granted') await subscribe(client, lang)
}

async function subscribe(client: Pick<Smarak, 'api'>, lang: Lang): Promise<'on' | 'absent' | 'failed'> {
  if (!('PushManager' in window) || !(await navigator.serviceWorker?.getRegistration())) return 'absent'
  try {
    const { key } = (await client.api('/api/push/key')) as { key: string | null }
    if (!key) return 'absent'
    const { pushManager } = await navigator.serviceWorker.ready
    const known = await pushManager.getSubscription()
    const mine = known && keyOf(known) === key ? known : null
    // Made with another key, of another server perhaps, it is of no use to this one.
    if (!mine) await known?.unsubscribe()
    const given = mine ?? (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }))
    const { endpoint, keys } = given.toJSON()
    await client.api('/api/push/subscribe', { endpoint, p256dh: keys?.p256dh, auth: keys?.auth, lang })
    return 'on'
  } catch (error) {
    console.warn('Smarak will not ring while it is closed:', error)
    return 'failed'
  }
}

function keyOf({ options }: PushSubscription): string {
  const key = options.applicationServerKey
  return key ? toBase64url(new Uint8Array(key)) : ''
}

/** A tapped notification brings the page it belongs to to the front and tells it where to go. */
export function followTaps(go: (path: string) => void): () => void {
  const hear = ({ data }: MessageEvent<{ open?: unknown }>) => {
    if (typeof data?.open === 'string' && data.open.startsWith('/')) go(data.open)
  }
  navigator.serviceWorker?.addEventListener('message', hear)
  return () => navigator.serviceWorker?.removeEventListener('message', hear)
}
