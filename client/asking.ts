import { PLAIN_CALENDAR, type WorkingCalendar, workingCalendar } from '../language/working-time.ts'
import type { Device } from './device.ts'
import { passing } from './reading.ts'
import type { Session } from './session.ts'
import type { Workday } from './views.ts'

type Needs = { device: Pick<Device, 'store' | 'transport' | 'proven'>; session: Pick<Session, 'watch'> }

type SaidDay = Parameters<typeof workingCalendar>[0] & { checks?: number[] }

/** What the server says of itself and is its word alone: states, plans, calendars. */
export class Asking {
  readonly #needs: Needs
  readonly #asked = new Map<string, Promise<Workday>>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  async calendar(office: string): Promise<WorkingCalendar> {
    return (await this.#workday(office)).calendar
  }

  /** Of the office of a post that is proven here; of any other, the service’s. */
  workday(post: string): Promise<Workday> {
    return this.#workday(this.#needs.device.proven.directory.post(post)?.office ?? '')
  }

  /** Asked for once while it is on its way, however many rows want it. */
  #workday(office: string): Promise<Workday> {
    const asked = this.#asked.get(office)
    if (asked) return asked
    const answer = this.#askWorkday(office).finally(() => this.#asked.delete(office))
    this.#asked.set(office, answer)
    return answer
  }

  async #askWorkday(office: string): Promise<Workday> {
    const { store, transport } = this.#needs.device
    const key = `calendar ${office}`
    let said = await store.get<SaidDay>('meta', key)
    try {
      said = (await transport.json(`/api/calendar?office=${office}`)) as SaidDay
      await store.write([{ table: 'meta', key, value: said }])
    } catch (error) {
      passing(error)
    }
    return { calendar: said ? workingCalendar(said) : PLAIN_CALENDAR, checks: said?.checks ?? null }
  }

  board(id: string, query: { group?: string; within?: string; filter?: string; cursor?: string }): Promise<unknown> {
    const asked = new URLSearchParams(Object.entries(query).filter((pair): pair is [string, string] => !!pair[1]))
    this.#needs.session.watch(id)
    const what = query.filter !== undefined || query.cursor !== undefined ? 'rows' : 'board'
    return this.#needs.device.transport.json(`/api/directives/${id}/${what}?${asked}`)
  }

  /** The curve of answers over time. */
  curve(id: string, within?: string): Promise<unknown> {
    const asked = within ? `?within=${encodeURIComponent(within)}` : ''
    return this.#needs.device.transport.json(`/api/directives/${id}/curve${asked}`)
  }

  passedOn(id: string): Promise<unknown> {
    return this.#needs.device.transport.json(`/api/directives/${id}/passed`)
  }

  plan(id: string, post: string): Promise<unknown> {
    return this.#needs.device.transport.json(`/api/directives/${id}/plan/${post}`)
  }

  attempts(id: string, post: string): Promise<unknown> {
    return this.#needs.device.transport.json(`/api/directives/${id}/attempts?post=${post}`)
  }

  waiting(ids: readonly string[]): Promise<unknown> {
    return this.#needs.device.transport.json(`/api/waiting?of=${ids.join(',')}`)
  }

  reach(): Promise<unknown> {
    return this.#needs.device.transport.json('/api/reach')
  }

  api(path: string, value?: unknown): Promise<unknown> {
    const { transport } = this.#needs.device
    return value === undefined ? transport.json(path) : transport.postJson(path, value, true)
  }
}
