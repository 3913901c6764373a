/** Sees that a test run comes to its end: which files are under way, and whether anything is heard of them. */
export class Watch {
  readonly #running = new Set<string>()
  readonly #timer: NodeJS.Timeout
  #over = false

  /** Calls `silent` once, with the files under way, when `ms` passed since the last word. */
  constructor(ms: number, silent: (running: string[]) => void) {
    this.#timer = setTimeout(() => {
      this.#over = true
      silent([...this.#running])
    }, ms)
  }

  /** An event in the order of what happens. A file is told as a test by its own name. */
  heard(type: 'test:enqueue' | 'test:dequeue' | 'test:complete', name: string, file = ''): void {
    if (this.#over) return
    this.#timer.refresh()
    if (name !== file) return
    if (type === 'test:dequeue') this.#running.add(file)
    if (type === 'test:complete') this.#running.delete(file)
  }

  end(): void {
    this.#over = true
    clearTimeout(this.#timer)
  }
}
