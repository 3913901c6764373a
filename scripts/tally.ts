/** Counts leaf tests and tells failures so that a person can act on them. */

type Outcome = {
  name: string
  nesting: number
  details: { duration_ms: number; type?: 'suite' | 'test' | undefined; error?: unknown }
  skip?: string | boolean | undefined
  todo?: string | boolean | undefined
}

export class Tally {
  ok = true
  #passed = 0
  #failed = 0
  #skipped: Map<string, number> = new Map()
  #parents = new Set<number>()
  #slowest = new Map<string, number>()
  #output = new Map<string, string>()
  #failures: { name: string; file: string; reason: string }[] = []
  #print: (line: string) => void

  constructor(print: (line: string) => void = console.log) {
    this.#print = print
  }

  /** Events come in order, children before their parent: one with children just told is not a test of its own. */
  passed(test: Outcome, file: string): void {
    const leaf = this.#isLeaf(test)
    this.#time(test, file)
    if (!leaf) return
    if (isWholeFile(test)) this.fail(file || test.name, 'This file holds no test')
    else if (test.skip !== undefined && test.skip !== false)
      this.#skip(typeof test.skip === 'string' ? test.skip : 'no reason given')
    else if (test.todo !== undefined && test.todo !== false) this.#skip('to do')
    else this.#passed++
  }

  failed(test: Outcome, file: string): void {
    this.#isLeaf(test)
    this.#time(test, file)
    const error = test.details.error as { failureType?: string; cause?: unknown } | undefined
    if (error?.failureType === 'subtestsFailed') return // its children have been counted
    this.ok = false
    this.#failed++
    this.#failures.push({ name: test.name, file, reason: describe(error?.cause ?? error) })
    this.#print(`FAILED ${file}: ${test.name}`)
  }

  /** What a test file wrote; told only if the file fails. */
  heard(file: string, text: string): void {
    this.#output.set(file, ((this.#output.get(file) ?? '') + text).slice(-4_000))
  }

  pass(): void {
    this.#passed++
  }

  fail(name: string, reason: unknown): void {
    this.ok = false
    this.#failed++
    this.#failures.push({ name, file: '', reason: describe(reason) })
  }

  count(name: string, ms: number): void {
    this.#slowest.set(name, ms)
  }

  /** Prints everything; the counts are the last line. */
  close(summary = ''): void {
    for (const { name, file, reason } of this.#failures)
      this.#print(`\n✖ ${name}${file && `\n  ${file}`}\n${indent(reason)}`)
    for (const file of new Set(this.#failures.map((failure) => failure.file))) {
      const said = this.#output.get(file)?.trim()
      if (file && said) this.#print(`\n  ${file} wrote:\n${indent(said)}`)
    }
    const slowest = [...this.#slowest].sort((a, b) => b[1] - a[1]).slice(0, 8)
    this.#print(`\nslowest: ${slowest.map(([name, ms]) => `${name} ${(ms / 1000).toFixed(1)} s`).join(' · ')}`)
    for (const [reason, times] of this.#skipped) this.#print(`skipped ${times}: ${reason}`)
    if (summary) this.#print(summary)
    const skipped = [...this.#skipped.values()].reduce((sum, times) => sum + times, 0)
    this.#print(`${this.#passed} passed, ${this.#failed} failed, ${skipped} skipped`)
  }

  #isLeaf({ nesting, details }: Outcome): boolean {
    const leaf = !this.#parents.has(nesting + 1) && details.type !== 'suite'
    this.#parents.delete(nesting + 1)
    this.#parents.add(nesting)
    return leaf
  }

  #time({ nesting, details }: Outcome, file: string): void {
    if (nesting === 0) this.#slowest.set(file, (this.#slowest.get(file) ?? 0) + details.duration_ms)
  }

  #skip(reason: string): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1)
  }
}

/** node:test tells a file itself as a test only when it held none, or failed outside of any. */
function isWholeFile({ name, nesting }: Outcome): boolean {
  return nesting === 0 && /\.test\.[a-z]+$/.test(name)
}

function describe(reason: unknown): string {
  if (reason instanceof Error)
    return (reason.stack ?? reason.message) + (reason.cause ? `\ncause: ${describe(reason.cause)}` : '')
  return String(reason)
}

function indent(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/node:internal/.test(line))
    .map((line) => `  ${line}`)
    .join('\n')
}
