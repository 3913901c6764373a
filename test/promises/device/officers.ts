/** A town of officers whose devices are their own, and the suite that plays the steps with them. */
import { after, afterEach, before, type TestContext } from 'node:test'
import type { BrowserContextOptions, CDPSession, Page } from 'playwright-core'
import { joinBy, named, type OwnTown, openOwnTown } from '../../journeys/own-town.ts'
import { Seat } from '../../journeys/stage.ts'
import { STEPS } from './steps.ts'

const UNOS = ['uno1', 'uno2', 'uno3', 'uno4', 'uno5', 'uno6']
const NAMES = Object.fromEntries(UNOS.map((code) => [code, named('উপজেলা নির্বাহী অফিসার', 'আরিফা সিদ্দিকা')]))

type Finger = { read(read: boolean): Promise<void> }

export type Officers = {
  /** WebAuthn wants a name, and knows this one as this machine's. */
  url: string
  /** The same server by its address. */
  server: string
  /** Where what a browser saved may be put. */
  folder: string
  /** The browser of one who has just joined, with a finger that is read or not. */
  joined(
    hasPrf?: boolean | null,
    options?: BrowserContextOptions,
  ): Promise<{ seat: Seat; page: Page; finger: Finger | null }>
  /** One who has done nothing yet with his device, for what leaves nothing behind on it: the same for all who ask. */
  plain(): Promise<{ seat: Seat; page: Page }>
}

/** Opens a town for the suite it is called in; what it returns plays the step that a test has its name from. */
export function openOfficers(): (t: TestContext) => Promise<void> {
  let service: OwnTown
  const unused = [...UNOS]
  const seats: Seat[] = []
  let plain: Seat | undefined
  let officers: Officers

  before(
    async () => {
      service = await openOwnTown({ upazilas: UNOS.length, names: NAMES })
      const url = service.url.replace('127.0.0.1', 'localhost')
      officers = { url, server: service.url, folder: service.folder, joined, plain: same }
    },
    { timeout: 150_000 },
  )
  after(() => service?.close())
  afterEach(async (t) => {
    if (!(t as TestContext).passed) for (const each of seats) await each.tell(t as TestContext)
    for (const each of seats.splice(0)) if (each !== plain) await each.context.close()
  })

  async function joined(hasPrf: boolean | null = null, options: BrowserContextOptions = {}) {
    const seat = await Seat.take(options)
    seats.push(seat)
    const finger = hasPrf === null ? null : await addFinger(seat.page, hasPrf)
    await joinBy(seat, officers.url, await service.town.code(unused.shift()!))
    return { seat, page: seat.page, finger }
  }

  async function same() {
    plain ??= (await joined(null, { permissions: ['notifications'] })).seat
    if (!seats.includes(plain)) seats.push(plain)
    return { seat: plain, page: plain.page }
  }

  return async (t) => {
    const step = STEPS[t.name]
    if (!step) throw new Error(`There is no step “${t.name}”`)
    await step(officers)
  }
}

/** A platform authenticator of the browser's own making, whose user is verified while `read`. */
async function addFinger(page: Page, hasPrf: boolean): Promise<Finger> {
  const session: CDPSession = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf,
    },
  })
  return {
    read: async (isUserVerified) => {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
  }
}
