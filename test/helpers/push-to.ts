/** A push at a browser's own door: what its push service on the Internet would hand to it, for the page's service worker. */
import type { Page } from 'playwright-core'

export type Notice = { title: string; body: string; tag: string; data: { opens: string } }

export type PushTo = {
  /** Hands over what is in the push, and resolves with what stands in the tray once the worker has done with it. */
  deliver(data: string): Promise<Notice[]>
}

const PATIENCE = 40_000

/** Of a page whose service worker is to be ready. */
export async function pushTo(page: Page): Promise<PushTo> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  const { origin } = new URL(page.url())
  const session = await page.context().newCDPSession(page)
  const registered = new Promise<string>((resolve) =>
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [one] }) => {
      if (one) resolve(one.registrationId)
    }),
  )
  await session.send('ServiceWorker.enable')
  const registrationId = await registered
  const service = 'pushMessaging'
  await session.send('BackgroundService.setRecording', { service, shouldRecord: true })
  await session.send('BackgroundService.startObserving', { service })
  let completed = () => {}
  session.on('BackgroundService.backgroundServiceEventReceived', ({ backgroundServiceEvent: { eventName } }) => {
    if (eventName === 'Push event completed') completed()
  })
  return {
    async deliver(data) {
      const done = new Promise<void>((resolve, reject) => {
        completed = resolve
        setTimeout(reject, PATIENCE, new Error('The service worker has not done with a push')).unref()
      })
      await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data })
      // @NOTE Nobody may ask for the notifications before: Chromium forgets, for good, one it has written down and not yet
      // displayed when somebody asks which there are. Asked again and again while it comes, one in ten is lost.
      await done
      return page.evaluate(async () => {
        const all = await (await navigator.serviceWorker.ready).getNotifications()
        return all.map(({ title, body, tag, data }) => ({ title, body, tag, data: data as { opens: string } }))
      })
    },
  }
}

/** Takes every notification out of the tray, and waits until it is gone. */
export async function clearTray(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ready = await navigator.serviceWorker.ready
    for (const one of await ready.getNotifications()) one.close()
    while ((await ready.getNotifications()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  })
}
