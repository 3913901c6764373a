/// <reference lib="webworker" />
/**
 * Keeps the app itself on the device, so that it opens without a network. It keeps no data: letters, keys and answers
 * live in the client's own store, and nothing fetched from /api, /items, /tile, /checkpoint or /demo passes through
 * here. A new version takes over when the last page of the old one closes, or when the reader says so.
 */
declare const self: ServiceWorkerGlobalScope
declare const __FILES__: string[]
declare const __VERSION__: string

const shelf = `smarak-${__VERSION__}`

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(shelf).then((cache) => cache.addAll(__FILES__)))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys()
      await Promise.all(
        names.filter((name) => name.startsWith('smarak-') && name !== shelf).map((n) => caches.delete(n)),
      )
      await self.clients.claim()
    })(),
  )
})

self.addEventListener('message', (event) => {
  const data = event.data as { skipWaiting?: true; keep?: string[] }
  if (data.skipWaiting) event.waitUntil(self.skipWaiting())
  if (data.keep) event.waitUntil(keep(data.keep.filter((url) => new URL(url).origin === self.location.origin)))
})

self.addEventListener('push', (event) => event.waitUntil(announce(event.data?.text() ?? '')))

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open((event.notification.data as { opens?: string } | null)?.opens ?? '/'))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET') return
  const url = new URL(request.url)
  if (url.origin !== self.location.origin) return
  if (request.mode === 'navigate') {
    if (isPage(url.pathname)) event.respondWith(page(request))
    return
  }
  if (url.pathname.startsWith('/assets/') || url.pathname === '/icon.svg') event.respondWith(asset(request))
})

/** The addresses that are screens (`shell/routes.ts`), for which the server answers with the one page. */
function isPage(path: string): boolean {
  return /^\/($|join|issue|board|drafts|more|directives|today)/.test(path)
}

/** The kept page at once: it only names assets, and those are kept with it. */
async function page(request: Request): Promise<Response> {
  const kept = await caches.match('/', { cacheName: shelf })
  return kept ?? fetch(request)
}

async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request)
  if (kept) return kept
  const fresh = await fetch(request)
  if (fresh.ok) {
    const copy = fresh.clone()
    await (await caches.open(shelf)).put(request, copy)
  }
  return fresh
}

/** Files the first page load fetched before this worker stood: fonts, chunks. */
async function keep(urls: string[]): Promise<void> {
  const cache = await caches.open(shelf)
  for (const url of urls) if (!(await cache.match(url))) await cache.add(url).catch(() => undefined)
}

/**
 * Shows what a push says: kind, urgency and office, as the server worded it; there is nothing else in it. A browser that shows
 * nothing for a push loses its address, so one that cannot be read is shown as news.
 */
async function announce(payload: string): Promise<void> {
  const { text, tag, opens, urgent } = read(payload)
  await self.registration.showNotification(text, {
    tag,
    icon: '/icon-192.png',
    lang: 'bn',
    requireInteraction: urgent,
    data: { opens },
    // TypeScript does not know these two yet.
    ...({ renotify: urgent, vibrate: urgent ? [300, 100, 300, 100, 300] : [200] } as object),
  })
}

function read(payload: string): { text: string; tag: string; opens: string; urgent: boolean } {
  let said: Record<string, unknown> = {}
  try {
    said = JSON.parse(payload) ?? {}
  } catch {
    // Nothing of ours: shown as news below.
  }
  const { text, tag, opens, urgent } = said
  const here = typeof opens === 'string' && /^\/(?!\/)[\w/-]*$/.test(opens)
  return {
    text: typeof text === 'string' && text !== '' ? text.slice(0, 300) : 'স্মারক',
    tag: typeof tag === 'string' && tag !== '' ? tag : 'news',
    opens: here ? opens : '/',
    urgent: urgent === true,
  }
}

/** The page that is open, brought to the front and told where to go; else a new one. */
async function open(path: string): Promise<void> {
  const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (!page) return void (await self.clients.openWindow(path))
  page.postMessage({ open: path })
  // Where the browser does not let it come to the front, it stands at the right place all the same.
  await page.focus().catch(() => undefined)
}
