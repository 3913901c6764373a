import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Bytes } from '../core/bytes.ts'
import { Refusal } from '../core/refusal.ts'
import { type Check, pack } from './verify-pack.ts'
import type { Finding, Question } from './verify-worker.ts'

/**
 * A few threads that check signatures. Checks asked for while every thread is at work travel together to the first that is
 * free: one message for many, the more so the busier it is. A thread that dies
 * is replaced and its questions are asked once more; a question that kills a second thread is refused as `internal`.
 */
export type VerifyPool = {
  /** Whether each signature holds. */
  verify(checks: readonly Check[]): Promise<boolean[]>
  /** Throws the `Refusal` for a request no envelope of which has the shape, found without blocking the main thread. */
  vet(request: Bytes): Promise<void>
  /** The threads' own ids, for a test that ends one. */
  readonly threads: readonly Worker[]
  close(): Promise<void>
}

type Asked = {
  ask: (id: number) => { question: Question; transfer: ArrayBuffer[] }
  resolve: (finding: Finding) => void
  reject: (error: unknown) => void
  tries: number
}
type Gathered = { checks: readonly Check[]; resolve: (good: boolean[]) => void; reject: (error: unknown) => void }
type Thread = { worker: Worker; open: Map<number, Asked> }

/** A message to a thread costs as much as a signature, so where many come at a time they wait a little for each other. */
const GATHER_ALONE_MS = 1
const GATHER_MS = 4
/**
 * No more than these travel together: what waits for a database while the next are verified keeps two cores at work, and
 * everybody in one message would keep one. A thread has the next message at hand when it ends one.
 */
const AT_MOST = 64

export function openVerifyPool(
  size = Math.min(4, Math.max(1, availableParallelism())),
  onError: (error: unknown) => void = () => {},
): VerifyPool {
  const threads: Thread[] = []
  let closing = false
  let ids = 0
  for (let i = 0; i < size; i++) threads.push(startThread(i))

  function startThread(place: number): Thread {
    const worker = new Worker(new URL('./verify-worker.ts', import.meta.url))
    const thread: Thread = { worker, open: new Map() }
    worker.unref()
    worker.on('message', (finding: Finding) => {
      const asked = thread.open.get(finding.id)
      thread.open.delete(finding.id)
      asked?.resolve(finding)
      if (gathered.length > 0) flush()
    })
    worker.on('error', onError)
    worker.once('exit', () => {
      if (closing) return
      threads[place] = startThread(place)
      if (gathered.length > 0) flush()
      for (const asked of thread.open.values()) {
        // To the new one: another that is at its last breath would take the question along.
        if (asked.tries < 2) send(asked, threads[place])
        else asked.reject(new Refusal('internal', 'The check of this request ended two threads'))
      }
    })
    return thread
  }

  function send(
    asked: Asked,
    thread = threads.reduce((least, other) => (other.open.size < least.open.size ? other : least)),
  ): void {
    asked.tries += 1
    const id = ++ids
    thread.open.set(id, asked)
    const { question, transfer } = asked.ask(id)
    thread.worker.postMessage(question, transfer)
  }

  function question(ask: Asked['ask']): Promise<Finding> {
    return new Promise((resolve, reject) => send({ ask, resolve, reject, tries: 0 }))
  }

  const gathered: Gathered[] = []
  let waiting = 0
  let together = 1
  function flush(): void {
    let checks = 0
    const taken = gathered.findIndex((request) => {
      checks += request.checks.length
      return checks >= AT_MOST
    })
    const requests = gathered.splice(0, taken < 0 ? gathered.length : taken + 1)
    waiting -= checks
    together = requests.length
    void check(requests)
  }

  function flushIfFree(): void {
    if (gathered.length > 0 && threads.some(({ open }) => open.size === 0)) flush()
  }

  function flushIfMany(): void {
    if (waiting >= AT_MOST && threads.some(({ open }) => open.size < 2)) flush()
  }

  async function check(requests: Gathered[]): Promise<void> {
    try {
      const all = requests.flatMap(({ checks }) => checks)
      const finding = await question((id) => {
        const checks = pack(all)
        return { question: { id, checks }, transfer: [checks.buffer] }
      })
      if (!('good' in finding)) throw new Error('The thread answered another question')
      let at = 0
      for (const { checks, resolve } of requests) {
        resolve(Array.from(finding.good.subarray(at, at + checks.length), (byte) => byte === 1))
        at += checks.length
      }
    } catch (error) {
      if (requests.length === 1) return requests[0]!.reject(error)
      // One of them ended two threads: alone, the others are not in its company.
      for (const request of requests) await check([request])
    }
  }

  return {
    verify(checks) {
      if (checks.length === 0) return Promise.resolve([])
      return new Promise((resolve, reject) => {
        waiting += checks.length
        const first = gathered.push({ checks, resolve, reject }) === 1
        if (first) setTimeout(flushIfFree, together > 1 ? GATHER_MS : GATHER_ALONE_MS)
        flushIfMany()
      })
    },
    async vet(request) {
      const finding = await question((id) => {
        const shapes = request.slice() // ours is still needed, and perhaps for a second try
        return { question: { id, shapes }, transfer: [shapes.buffer] }
      })
      if ('fault' in finding && finding.fault) throw new Refusal(finding.fault.code, finding.fault.message)
    },
    get threads() {
      return threads.map(({ worker }) => worker)
    },
    async close() {
      closing = true
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}
