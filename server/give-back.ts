import { performance } from 'node:perf_hooks'

/** Looked at so often whether anything is done; so many quiet looks after a busy one are idle. Nobody is answered while it collects. */
const EVERY = 2_500
const QUIET_LOOKS = 4
/** The part of its time that an idle server spends, timers and all, is far below this. */
const BUSY = 0.02

/**
 * Gives memory back once a busy time is over: V8 keeps the room that much new data needed, and an idle server would hold it for
 * ever. Once for each busy time; nothing where Node was not started with `--expose-gc`.
 * @returns what ends it
 */
export function giveBackWhenIdle(collect = globalThis.gc, every = EVERY): () => void {
  if (!collect) return () => {}
  let before = performance.eventLoopUtilization()
  let quiet = 0
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization()
    quiet = performance.eventLoopUtilization(now, before).utilization > BUSY ? 0 : quiet + 1
    before = now
    if (quiet === QUIET_LOOKS) void collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  }, every)
  timer.unref()
  return () => clearInterval(timer)
}
