import { update } from './update.svelte.ts'

let settled = false

/**
 * What comes after the first paint: the heavier weight of the letters, and what is needed to open without a network.
 * Once a page, however often it is called.
 */
export function settleIn(): void {
  if (settled) return
  settled = true
  requestAnimationFrame(() =>
    setTimeout(() => {
      void import('../kit/bold.css')
      void keepOffline()
    }),
  )
}

/**
 * Registers the worker that opens the app without a network, and gives it what this page already fetched (fonts,
 * chunks). Development has no worker. Failing is no harm: the app then needs the network to open.
 */
async function keepOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const url = window.trustedTypes?.createPolicy('smarak', { createScriptURL: (path) => path }).createScriptURL('/sw.js')
  try {
    update.watch(await navigator.serviceWorker.register((url ?? '/sw.js') as string, { updateViaCache: 'none' }))
    const { active } = await navigator.serviceWorker.ready
    const met = performance.getEntriesByType('resource').map(({ name }) => name)
    active?.postMessage({ keep: met.filter((name) => new URL(name).pathname.startsWith('/assets/')) })
  } catch (error) {
    console.warn('Smarak will not open without a network:', error)
  }
}
