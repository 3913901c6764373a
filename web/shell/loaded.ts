let counted = 0

/**
 * Bytes of the application itself (page, scripts, styles, fonts) that came over the network since the last call. What the
 * service worker had is not among them, nor what the client fetched, which counts its own.
 */
export function loadedBytes(): number {
  const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  let total = 0
  for (const entry of entries as PerformanceResourceTiming[]) {
    if (entry.initiatorType !== 'fetch' && entry.workerStart === 0) total += entry.transferSize
  }
  const fresh = Math.max(0, total - counted)
  counted = total
  return fresh
}
