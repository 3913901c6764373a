import { fromBase64url, toBase64url } from '../core/bytes.ts'
import { writeEnvelope } from '../core/item.ts'
import { type DirectiveEntry, linesFor } from '../features/directives/index.ts'
import type { Directory, Post } from '../features/directory/index.ts'
import type { Acts } from './act.ts'
import type { Placed } from './fold.ts'
import type { ClientState, Mirror } from './mirror.ts'
import type { Proven } from './proven.ts'
import type { Store } from './store.ts'
import type { Transport } from './transport.ts'

type Needs = {
  proven: Proven<ClientState>
  mirror: Mirror
  acts: Acts
  store: Store
  transport: Transport
  person: string
  /** Ids of the posts directly below one, unproven: where to look. */
  below: (post: string) => Promise<string[]>
  now: () => number
}

/** One item a thread, and the server takes 64 at once. */
const THREADS_AT_ONCE = 64
/** New posts are rare. */
const BELOW_AGE = 3_600_000

/**
 * "The supervisor wraps again": a directive fell to this post because nobody read where it was meant for, or it supervises there.
 * When a ring appears there later, this device wraps the item keys it can open to that ring. One repair for late joining,
 * succession and a lost only device.
 */
export class Rewrap {
  readonly #needs: Needs
  readonly #below = new Map<string, { at: number; ids: string[] }>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Fetches the posts below mine, and wraps to whoever has a ring newer than the directives meant for him. @returns pairs */
  async run(): Promise<number> {
    const letters = this.#letters()
    const below = await this.#postsBelow()
    const work: { post: Post; as: string; placed: Placed<DirectiveEntry>; ring: string; generation: number }[] = []
    for (const { id, as } of below) {
      const post = this.#directory.post(id)
      if (!post) continue
      for (const placed of letters) {
        if (linesFor(post, placed.entry.lines).length === 0) continue
        for (const target of this.#owedTo(post, placed)) {
          const done = await this.#needs.store.get('done', doneKey(placed, post.id, target))
          if (!done) work.push({ post, as, placed, ...target })
        }
      }
    }
    return this.#send(work)
  }

  /** Whether there is anything that could be owed to anybody; looking also tells whether one supervises or stands in. */
  get hasLetters(): boolean {
    return this.#needs.mirror.directives().length > 0
  }

  /** Directives this device can open. */
  #letters(): Placed<DirectiveEntry>[] {
    const { mirror } = this.#needs
    return mirror.directives().filter((placed) => mirror.text(toBase64url(placed.header.id)) !== null)
  }

  get #directory(): Directory {
    return this.#needs.proven.directory
  }

  /** Posts directly below mine; and those below them where nobody reads in between, since what is meant for them falls to me. */
  async #postsBelow(): Promise<{ id: string; as: string }[]> {
    const { proven, person } = this.#needs
    const mine = [...new Set(this.#directory.postsOf(person).map(({ post }) => post))]
    const out = new Map<string, string>()
    let level = mine.map((post) => ({ id: post, as: post }))
    while (level.length > 0) {
      const found = await Promise.all(
        level.map(async ({ id, as }) => (await this.#children(id)).map((child) => ({ id: child, as }))),
      )
      const fresh = found.flat().filter(({ id }) => !out.has(id) && !mine.includes(id))
      for (const { id, as } of fresh) out.set(id, as)
      await proven.refresh(fresh.map(({ id }) => id))
      // What is meant for a post that nobody reads falls further up, and with it what is meant for those below.
      level = fresh.filter(({ id }) => !this.#isRead(id))
    }
    return [...out].map(([id, as]) => ({ id, as }))
  }

  async #children(post: string): Promise<string[]> {
    const { below, now } = this.#needs
    const kept = this.#below.get(post)
    if (kept && now() - kept.at < BELOW_AGE) return kept.ids
    const ids = await below(post)
    this.#below.set(post, { at: now(), ids })
    return ids
  }

  #isRead(id: string): boolean {
    const post = this.#directory.post(id)
    return this.#directory
      .cover(id)
      .some((member) => member.id === id || post?.holders.some(({ person }) => person === member.id))
  }

  /**
   * Rings that read for this post now and could not when the directive was placed: the post's own, once its chain of seeds
   * began after the directive, or its holders' while it has none.
   */
  #owedTo(post: Post, placed: Placed<DirectiveEntry>): { ring: string; generation: number }[] {
    const cover = this.#directory.cover(post.id)
    return cover
      .filter(({ id }) => id === post.id || post.holders.some(({ person }) => person === id))
      .filter(({ id }) => {
        const ring = this.#directory.ring(id)
        return ring !== undefined && ring.index > placed.index
      })
      .map(({ id, generation }) => ({ ring: id, generation }))
  }

  async #send(
    work: { post: Post; as: string; placed: Placed<DirectiveEntry>; ring: string; generation: number }[],
  ): Promise<number> {
    const { acts, mirror, transport, store } = this.#needs
    let pairs = 0
    for (let from = 0; from < work.length; from += THREADS_AT_ONCE) {
      const part = work.slice(from, from + THREADS_AT_ONCE)
      const envelopes = await Promise.all(
        part.map(async ({ post, as, placed, ring, generation }) => {
          const item = toBase64url(placed.header.id)
          const publicKey = this.#directory.ring(ring)!.publicKey!
          const target = { ring: fromBase64url(ring), generation, publicKey }
          const key = await mirror.keyOf(item)
          return writeEnvelope(await acts.wrapAdd(item, post.id, as, [{ item, key, target }]))
        }),
      )
      const answers = await transport.postItems(envelopes)
      for (const [i, answer] of answers.entries()) {
        const one = part[i]!
        // A ring that moved on meanwhile, or a thread that is none (the post was abolished): looked at again next time, or never.
        if (!answer.accepted && answer.code === 'stale_ring') continue
        if (answer.accepted) pairs += 1
        await store.write([{ table: 'done', key: doneKey(one.placed, one.post.id, one), value: true }])
      }
    }
    return pairs
  }
}

function doneKey(placed: Placed, post: string, { ring, generation }: { ring: string; generation: number }): string {
  return `wrap ${toBase64url(placed.header.id)} ${post} ${ring} ${generation}`
}
