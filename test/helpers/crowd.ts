/** Time in tests that share a machine: a bound on the clock on the wall fails where others are at work. */

/** From now on: the processor time that this process has used, in milliseconds. */
export function cpuClock(): () => number {
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
}

/** How many times longer than alone something takes here just now: 1 on an idle machine, 4 where four want one processor. */
export function crowd(): number {
  const [wall, cpu] = [performance.now(), cpuClock()]
  let spun = 0
  while (cpu() < 40) for (let i = 0; i < 10_000; i++) spun += i
  return Math.max(1, (performance.now() - wall + spun * 0) / cpu())
}

/** From now on: the milliseconds that passed, divided by how crowded the machine was at the beginning or is at the end. */
export function fairClock(): () => number {
  const before = crowd()
  const start = performance.now()
  return () => {
    const passed = performance.now() - start
    return passed / Math.max(before, crowd())
  }
}
