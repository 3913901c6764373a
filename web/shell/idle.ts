/** Without use for so long, the app locks where a PIN is set. */
export const idleFor = 5 * 60_000

/**
 * Calls `lock` after `idleFor` without a touch, a key or a look, also when the page slept through it. The answer stops it.
 * The clock and the page's events may be given, for tests.
 */
export function lockWhenIdle(lock: () => void, page: EventTarget = window, now: () => number = Date.now): () => void {
  let last = now()
  const look = () => {
    if (now() - last >= idleFor) lock()
    last = now()
  }
  const timer = setInterval(() => now() - last >= idleFor && look(), 15_000)
  const events = ['pointerdown', 'keydown', 'wheel', 'visibilitychange', 'focus']
  for (const event of events) page.addEventListener(event, look, { capture: true, passive: true })
  return () => {
    clearInterval(timer)
    for (const event of events) page.removeEventListener(event, look, { capture: true })
  }
}
