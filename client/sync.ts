import { toBase64url } from '../core/bytes.ts'
import { Refusal } from '../core/refusal.ts'
import type { Placed } from './fold.ts'
import type { ClientState, Mirror } from './mirror.ts'
import type { Proven } from './proven.ts'
import type { Change, Store } from './store.ts'
import type { Transport } from './transport.ts'

type Needs = {
  store: Store
  transport: Transport
  proven: Proven<ClientState>
  mirror: Mirror
  person: string
  now: () => number
}

/** How long the own posts' directory may stand before it is asked for again without a wake-up. */
const DIRECTORY_AGE = 15 * 60_000

/**
 * Brings this device up to the log: its person's and posts' directory, then everything they may see, from a cursor for each
 * party. What arrives is proven and folded before anything of it is kept or shown. May be run as often as one likes.
 */
export class Sync {
  readonly #needs: Needs
  #directoryAt = Number.NEGATIVE_INFINITY
  #stale = true
  /** As this device left them, to tell when another tab has moved them. */
  #cursors: string | undefined

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** The directory of one's own posts is asked for at the next run. */
  expectDirectory(): void {
    this.#stale = true
  }

  /** @returns what arrived, in log order */
  run(): Promise<Placed[]> {
    return this.#fetch().catch(async (error: unknown) => {
      // A server that lost us lost more: asked for what needs no session, it is behind what we saw.
      if (error instanceof Refusal && error.code === 'unknown_device') await this.#needs.proven.refresh(this.parties())
      throw error
    })
  }

  async #fetch(): Promise<Placed[]> {
    await this.#ownDirectory()
    const arrived: Placed[] = []
    for (;;) {
      const { placed, more } = await this.#page()
      arrived.push(...placed)
      await this.#needs.mirror.absorb(placed)
      // Once more after something came: asking from past it is what "delivered" means.
      if (!more && placed.length === 0) break
    }
    await this.#names(arrived)
    return arrived
  }

  /**
   * The thread of one addressed post, whole: without the gaps a list may have.
   * @returns what was not here before
   */
  async thread(directive: string, post: string): Promise<Placed[]> {
    const { proven, transport, mirror } = this.#needs
    const { placed, fresh } = await proven.inTurn(async () => {
      const bundle = await transport.thread(directive, post, proven.seen.size)
      const unknown = new Set(bundle.entries.map(({ index }) => index).filter((index) => !proven.act(index)))
      const placed = await proven.takeThread(bundle, (item) => this.#partiesOf(item))
      return { placed, fresh: placed.filter(({ index }) => unknown.has(index)) }
    })
    await mirror.absorb(placed)
    return fresh
  }

  parties(): string[] {
    const { proven, person } = this.#needs
    return [person, ...new Set(proven.directory.postsOf(person).map(({ post }) => post))]
  }

  async #ownDirectory(): Promise<void> {
    const { proven, now } = this.#needs
    if (!this.#stale && now() - this.#directoryAt < DIRECTORY_AGE) return
    const offices = () => this.parties().flatMap((party) => proven.directory.post(party)?.office ?? [])
    await proven.refresh([...this.parties(), ...offices(), ...(await this.#hinted())])
    await proven.need(offices())
    this.#stale = false
    this.#directoryAt = now()
  }

  /** @NOTE An appointment stands in the post's chain, so the server must name a new post; it is proven like the others. */
  async #hinted(): Promise<string[]> {
    const me = (await this.#needs.transport.json('/api/me')) as { posts?: unknown }
    return Array.isArray(me.posts) ? me.posts.filter((post): post is string => typeof post === 'string') : []
  }

  async #page(): Promise<{ placed: Placed[]; more: boolean }> {
    const { store, transport, proven } = this.#needs
    return proven.inTurn(async () => {
      const cursors = (await store.get<Record<string, number>>('meta', 'cursors')) ?? {}
      // Another tab moved them: what it fetched is in the store and not in this memory.
      if (this.#cursors !== undefined && this.#cursors !== JSON.stringify(cursors)) {
        await proven.takeUp()
        await this.#needs.mirror.load()
      }
      const asked = this.parties().map((party): [string, number] => [party, cursors[party] ?? 0])
      const reply = await transport.sync(asked, proven.seen.size)
      const placed = await proven.takeActs(reply, (item) => this.#partiesOf(item))
      // Cursors last: a crash before here fetches again what is already kept, and loses nothing.
      const next = { ...cursors }
      for (const { party, cursor } of reply.cursors) {
        if (cursor < (cursors[party] ?? 0)) throw new Refusal('rollback', 'A cursor went back', { party })
        next[party] = cursor
      }
      await store.write([{ table: 'meta', key: 'cursors', value: next } satisfies Change])
      this.#cursors = JSON.stringify(next)
      return { placed, more: reply.cursors.some(({ more }) => more) }
    })
  }

  /** On whose chains the authority of an act rests. */
  #partiesOf({ entry }: Placed): string[] {
    const { directives } = this.#needs.proven.state
    if (entry.issuer !== undefined) return [entry.issuer]
    if (entry.draft !== undefined) return [entry.post] // an approval
    const issuer = directives.head(entry.directive)?.issuer
    return issuer ? [entry.post, issuer] : [entry.post]
  }

  /** Offices of issuers, so that a list can say who wrote. */
  async #names(arrived: Placed[]): Promise<void> {
    const { proven } = this.#needs
    const issuers = arrived.filter(({ kind }) => kind.name === 'directive').map(({ entry }) => entry.issuer as string)
    await proven.need(issuers.flatMap((post) => proven.directory.post(post)?.office ?? []))
  }
}

export function idOf({ header }: Placed): string {
  return toBase64url(header.id)
}
