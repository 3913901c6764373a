import { ownScript } from './own-script.ts'
import { update } from './update.svelte.ts'

let settled = false

/**
 * What comes after the first paint: the heavier weight of the letters, and what is needed to open without a network.
 * Once a page, however often it is called; once more when the network returns, where it went missing meanwhile.
 */
export function settleIn(): void {
  if (settled) return
  settled = true
  requestAnimationFrame(() => setTimeout(() => void settle()))
}

async function settle(): Promise<void> {
  try {
    await Promise.all([import('../kit/bold.css'), keepOffline()])
  } catch (error) {
    // No harm: letters stay light, and the app needs the network to open.
    console.warn('Smarak will not open without a network:', error)
    settled = false
    addEventListener('online', settleIn, { once: true })
  }
}

/** Registers the worker that opens the app without a network, and gives it what this page already fetched (fonts, chunks). */
async function keepOffline(): Promise<void> {
  // Development has no worker.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  update.watch(await navigator.serviceWorker.register(ownScript('/sw.js'), { updateViaCache: 'none' }))
  const { active } = await navigator.serviceWorker.ready
  const met = performance.getEntriesByType('resource').map(({ name }) => name)
  active?.postMessage({ keep: met.filter((name) => new URL(name).pathname.startsWith('/assets/')) })
}
