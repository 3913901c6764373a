import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Refusal } from '../core/refusal.ts'
import type { Route } from '../server/routes.ts'
import type { FromAuthority, Offered, ToAuthority } from './messages.ts'

type Needs = {
  /** The authority's own directory: its keys are not among the server's data. */
  directory: string
  /** How many officials live in the simulation; all who are not offered where undefined. */
  simulated: number | undefined
  onProgress: (step: string, done: number, total: number) => void
  /** The authority ended by itself, which it should not. */
  onLost: (code: number | null) => void
}

export type Ready = { people: Offered[]; codes: string[] }

/**
 * The demonstration as the server sees it: a separate authority process that makes the country by the same items as anybody,
 * and two calls for the start page. The server learns a joining code only in passing it to the visitor on this machine.
 */
export class Demonstration {
  readonly #needs: Needs
  readonly #waiting = new Map<number, { resolve: (code: string) => void; reject: (error: unknown) => void }>()
  #authority: ChildProcess | undefined
  #ready: Ready | undefined
  #asked = 0
  #stopping = false

  constructor(needs: Needs) {
    this.#needs = needs
  }

  readonly routes: Route[] = [
    {
      method: 'GET',
      path: '/demo/people',
      who: 'loopback',
      answer: () => ({ json: { people: this.#ready?.people ?? [] } }),
    },
    {
      method: 'POST',
      path: '/demo/become',
      who: 'loopback',
      perMinute: 30,
      answer: async ({ body }) => {
        const code = (body as { code?: unknown } | null)?.code
        if (typeof code !== 'string') throw new Refusal('bad_input', 'Whom to become is missing')
        return { json: { code: await this.#become(code) } }
      },
    },
  ]

  /** Resolves when everybody offered can join. `url` is where the server listens. */
  start(url: string): Promise<Ready> {
    const { directory, simulated } = this.#needs
    const script = fileURLToPath(new URL('./authority.ts', import.meta.url))
    const args = [url, directory, simulated === undefined ? 'all' : String(simulated)]
    const authority = fork(script, args, {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      serialization: 'advanced',
    })
    this.#authority = authority
    return new Promise((resolve, reject) => {
      authority.on('message', (message: FromAuthority) => {
        if (message.say === 'ready') {
          this.#ready = { people: message.people, codes: message.codes }
          resolve(this.#ready)
        } else this.#hear(message)
      })
      authority.on('exit', (code) => {
        for (const { reject: refuse } of this.#waiting.values()) refuse(new Refusal('offline', 'The authority ended'))
        this.#waiting.clear()
        if (this.#stopping) return
        reject(new Refusal('demo_failed', `The demonstration's authority ended with code ${code}`))
        this.#needs.onLost(code)
      })
    })
  }

  async stop(): Promise<void> {
    this.#stopping = true
    const authority = this.#authority
    if (!authority || authority.exitCode !== null) return
    const ended = new Promise((resolve) => authority.once('exit', resolve))
    authority.kill('SIGTERM')
    const late = setTimeout(() => authority.kill('SIGKILL'), 3000)
    await ended
    clearTimeout(late)
  }

  #hear(message: Exclude<FromAuthority, { say: 'ready' }>): void {
    if (message.say === 'progress') {
      this.#needs.onProgress(message.step, message.done, message.total)
      return
    }
    const waiting = this.#waiting.get(message.ask)
    this.#waiting.delete(message.ask)
    if (message.say === 'code') waiting?.resolve(message.code)
    else waiting?.reject(new Refusal(message.code, message.message))
  }

  #become(persona: string): Promise<string> {
    const authority = this.#authority
    if (!this.#ready || !authority?.connected) throw new Refusal('not_found', 'The demonstration is still being set up')
    const ask = this.#asked++
    return new Promise((resolve, reject) => {
      this.#waiting.set(ask, { resolve, reject })
      authority.send({ ask, become: persona } satisfies ToAuthority)
    })
  }
}
