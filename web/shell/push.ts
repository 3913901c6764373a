/** Whether this device can be told of news while the page is closed: `absent` where the browser has no such thing. */
export type PushState = 'on' | 'off' | 'denied' | 'absent'

export async function pushState(): Promise<PushState> {
  if (!('Notification' in window) || !('PushManager' in window)) return 'absent'
  if (Notification.permission === 'denied') return 'denied'
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined)
  const subscription = await registration?.pushManager.getSubscription().catch(() => null)
  return subscription && Notification.permission === 'granted' ? 'on' : 'off'
}
