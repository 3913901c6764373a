import { fromBase64url, toBase64url, utf8 } from '../core/bytes.ts'
import { sha256 } from '../core/hash.ts'
import { writeEnvelope } from '../core/item.ts'
import type { Target } from '../core/wrap.ts'
import { type DirectiveEntry, linesFor, threadReaders } from '../features/directives/index.ts'
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
  /** The list of names, unproven: where somebody has joined. */
  names: () => Promise<{ id: string; joined?: boolean }[]>
  now: () => number
}

/** One `wrap-add`: pairs of one thread. `marks` say what is done once it is placed. */
type Work = {
  directive: string
  post: string
  as: string
  pairs: { item: string; ring: string; generation: number }[]
  marks: string[]
}

/** One item a thread, and the server takes 64 at once. */
const THREADS_AT_ONCE = 64
/** Threads of what one issued that are looked at in one run; the rest in the next. */
const ISSUED_AT_ONCE = 64
/** Addressees who wrap a letter to its issuer again: some of them are silent. */
const ENOUGH = 64
/** New posts are rare. */
const BELOW_AGE = 3_600_000

/**
 * "The supervisor wraps again": a directive fell to this post because nobody read where it was meant for, or it supervises there.
 * When a ring appears there later, this device wraps the item keys it can open to that ring; and an addressed post does the
 * same with its answers when its supervisor comes late, and with the letter when its issuer lost his only device. And an issuer does so for whoever joins where he wrote to, since the
 * supervisor's device may be silent. One repair for late joining, succession and a lost only device.
 */
export class Rewrap {
  readonly #needs: Needs
  readonly #below = new Map<string, { at: number; ids: string[] }>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Whether there is anything that could be owed to anybody; looking also tells whether one supervises or stands in. */
  get hasLetters(): boolean {
    return this.#needs.mirror.directives().length > 0
  }

  /** Looks at the posts below and above mine, and wraps to whoever reads there since. @returns items placed */
  async run(): Promise<number> {
    const letters = this.#letters()
    const mine = this.#mine()
    const below = await this.#postsBelow(mine, letters)
    const supervisors = mine.flatMap((post) => this.#directory.post(post)?.supervisor ?? [])
    await this.#needs.proven.refresh([...new Set([...supervisors, ...letters.map(({ entry }) => entry.issuer)])])
    const work = [
      ...(await this.#directives(below, letters, mine)),
      ...(await this.#toIssuers(letters, mine)),
      ...(await this.#answers(letters, mine)),
    ]
    const placed = await this.#send(work)
    return placed + (await this.#send(await this.#issued(letters, mine)))
  }

  /** Directives this device can open. */
  #letters(): Placed<DirectiveEntry>[] {
    const { mirror } = this.#needs
    return mirror.directives().filter((placed) => mirror.text(idOf(placed)) !== null)
  }

  get #directory(): Directory {
    return this.#needs.proven.directory
  }

  #mine(): string[] {
    return [...new Set(this.#directory.postsOf(this.#needs.person).map(({ post }) => post))]
  }

  /**
   * Posts below mine, each with the post of mine it falls to: the next level always; a level further wherever nobody reads, or
   * nobody read yet when the oldest letter was placed, since what was meant for those below fell further up.
   */
  async #postsBelow(mine: string[], letters: Placed[]): Promise<{ id: string; as: string }[]> {
    const oldest = Math.min(...letters.map(({ index }) => index))
    const out = new Map<string, string>()
    let level = mine.map((post) => ({ id: post, as: post }))
    while (level.length > 0) {
      const found = await Promise.all(
        level.map(async ({ id, as }) => (await this.#children(id)).map((child) => ({ id: child, as }))),
      )
      const fresh = found.flat().filter(({ id }) => !out.has(id) && !mine.includes(id))
      for (const { id, as } of fresh) out.set(id, as)
      await this.#needs.proven.refresh(fresh.map(({ id }) => id))
      level = fresh.filter(({ id }) => {
        const rings = this.#readingAt(id)
        return rings.length === 0 || this.#since(rings, oldest).length > 0
      })
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

  /** The rings by which a post is read at the post itself: its own, or its holders'. */
  #readingAt(id: string): { ring: string; generation: number }[] {
    const post = this.#directory.post(id)
    return this.#directory
      .cover(id)
      .filter((member) => member.id === id || post?.holders.some(({ person }) => person === member.id))
      .map((member) => ({ ring: member.id, generation: member.generation }))
  }

  /** Those that were made after a place in the log. */
  #since<T extends { ring: string }>(rings: T[], index: number): T[] {
    return rings.filter(({ ring }) => (this.#directory.ring(ring)?.index ?? -1) > index)
  }

  /** For every addressed post below: itself and its supervisor, where they have come to read since. */
  async #directives(
    below: { id: string; as: string }[],
    letters: Placed<DirectiveEntry>[],
    mine: string[],
  ): Promise<Work[]> {
    const work: Work[] = []
    const taken = new Set<string>()
    for (const { id, as } of below) {
      const post = this.#directory.post(id)
      if (!post) continue
      for (const placed of letters) {
        if (linesFor(post, placed.entry.lines).length === 0) continue
        const directive = idOf(placed)
        const wanted = this.#readersOf(post, mine).flatMap((reader) =>
          this.#since(this.#readingAt(reader), placed.index),
        )
        const pairs = await this.#undone(wanted, taken, ({ ring, generation }) => `${directive} ${ring} ${generation}`)
        if (pairs.length === 0) continue
        work.push({
          directive,
          post: id,
          as,
          pairs: pairs.map(({ ring, generation }) => ({ item: directive, ring, generation })),
          marks: pairs.map(({ mark }) => mark),
        })
      }
    }
    return work
  }

  #readersOf(post: Post, mine: string[]): string[] {
    return [post.id, post.supervisor].filter((id): id is string => id !== null && !mine.includes(id))
  }

  /**
   * For every post that was written to from one of mine, that nobody read then and somebody reads since: the letter, unless
   * another wrapped it there meanwhile. Of posts nobody was known to read only those are asked for that the list calls joined.
   */
  async #issued(letters: Placed<DirectiveEntry>[], mine: string[]): Promise<Work[]> {
    const { proven, names, store } = this.#needs
    const own = letters.filter(({ entry }) => mine.includes(entry.issuer))
    const others = own.length === 0 ? [] : [...this.#directory.posts()].filter(({ id }) => !mine.includes(id))
    const unread = others.filter(({ id }) => this.#readingAt(id).length === 0).map(({ id }) => id)
    if (unread.length > 0) {
      const joined = new Set((await names()).filter((post) => post.joined).map(({ id }) => id))
      await proven.refresh(unread.filter((id) => joined.has(id)))
    }
    const work: Work[] = []
    for (const placed of own) {
      const directive = idOf(placed)
      for (const { id } of others) {
        if (linesFor(this.#directory.post(id)!, placed.entry.lines).length === 0) continue
        const wanted = this.#since(this.#readingAt(id), placed.index)
        const name = ({ ring, generation }: (typeof wanted)[number]) => `${directive} ${ring} ${generation}`
        const undone = await this.#undone(wanted, new Set(), name)
        if (undone.length === 0) continue
        if (work.length === ISSUED_AT_ONCE) return work
        const there = await this.#wrappedAlready(directive, id, placed.entry.issuer)
        const [done, pairs] = [
          undone.filter((one) => there.has(name(one))),
          undone.filter((one) => !there.has(name(one))),
        ]
        await store.write(done.map(({ mark }) => ({ table: 'done' as const, key: mark, value: true })))
        if (pairs.length === 0) continue
        work.push({
          directive,
          post: id,
          as: placed.entry.issuer,
          pairs: pairs.map(({ ring, generation }) => ({ item: directive, ring, generation })),
          marks: pairs.map(({ mark }) => mark),
        })
      }
    }
    return work
  }

  /** For every letter to one of mine whose issuer has lost what opens it, as with his only device: the letter. */
  async #toIssuers(letters: Placed<DirectiveEntry>[], mine: string[]): Promise<Work[]> {
    const work: Work[] = []
    for (const { header, index, entry } of letters) {
      if (mine.includes(entry.issuer)) continue
      const directive = toBase64url(header.id)
      const lost = this.#readingAt(entry.issuer).filter(({ ring }) => this.#directory.ring(ring)!.since > index)
      const as = mine.find((id) => linesFor(this.#directory.post(id)!, entry.lines).length > 0)
      if (!as || !lost.some(({ ring }) => isAmongFew(as, ring, entry.count))) continue
      const pairs = await this.#undone(lost, new Set(), ({ ring, generation }) => `${directive} ${ring} ${generation}`)
      if (pairs.length === 0) continue
      const marks = pairs.map(({ mark }) => mark)
      work.push({ directive, post: as, as, pairs: pairs.map((pair) => ({ item: directive, ...pair })), marks })
    }
    return work
  }

  /** What others wrapped in a thread: `item ring generation`. */
  async #wrappedAlready(directive: string, post: string, issuer: string): Promise<Set<string>> {
    const { proven, transport } = this.#needs
    await proven.inTurn(async () => {
      const bundle = await transport.thread(directive, post, proven.seen.size)
      await proven.takeThread(bundle, () => [post, issuer])
    })
    const { acts } = proven.state.directives.thread(directive, post)
    const targets = acts.flatMap((act) => (act.kind === 'wrap-add' ? act.entry.targets : []))
    return new Set(targets.map(({ item, ring, generation }) => `${item} ${ring} ${generation}`))
  }

  /** For every thread of mine: its answers, to those of its readers who have come since. */
  async #answers(letters: Placed<DirectiveEntry>[], mine: string[]): Promise<Work[]> {
    const { proven, mirror } = this.#needs
    const work: Work[] = []
    for (const placed of letters) {
      const directive = idOf(placed)
      for (const post of mine) {
        const answers = proven.state.directives.thread(directive, post).acts.filter(({ kind }) => kind === 'answer')
        const others = [...threadReaders(post, placed.entry.issuer, this.#directory)].filter((id) => !mine.includes(id))
        const rings = others.flatMap((id) => this.#readingAt(id))
        for (const { item, index } of answers) {
          if (mirror.text(item) === null) continue
          const wanted = this.#since(rings, index)
          const pairs = await this.#undone(wanted, new Set(), ({ ring, generation }) => `${item} ${ring} ${generation}`)
          if (pairs.length === 0) continue
          const marks = pairs.map(({ mark }) => mark)
          work.push({ directive, post, as: post, pairs: pairs.map((pair) => ({ item, ...pair })), marks })
        }
      }
    }
    return work
  }

  async #undone<T extends { ring: string; generation: number }>(
    wanted: T[],
    taken: Set<string>,
    name: (one: T) => string,
  ) {
    const out: (T & { mark: string })[] = []
    for (const one of wanted) {
      const mark = `wrap ${name(one)}`
      if (taken.has(mark) || (await this.#needs.store.get('done', mark))) continue
      taken.add(mark)
      out.push({ ...one, mark })
    }
    return out
  }

  async #send(work: Work[]): Promise<number> {
    const { transport, store } = this.#needs
    let placed = 0
    for (let from = 0; from < work.length; from += THREADS_AT_ONCE) {
      const part = work.slice(from, from + THREADS_AT_ONCE)
      const envelopes = await Promise.all(part.map((one) => this.#seal(one)))
      const answers = await transport.postItems(envelopes)
      for (const [i, answer] of answers.entries()) {
        // A ring that moved on meanwhile is looked at again; a thread that is none (the post was abolished) never.
        if (!answer.accepted && answer.code === 'stale_ring') continue
        if (answer.accepted) placed += 1
        await store.write(part[i]!.marks.map((key) => ({ table: 'done' as const, key, value: true })))
      }
    }
    return placed
  }

  async #seal({ directive, post, as, pairs }: Work) {
    const { acts, mirror } = this.#needs
    const sealed = await Promise.all(
      pairs.map(async ({ item, ring, generation }) => {
        const publicKey = this.#directory.ring(ring)!.publicKey!
        const target: Target = { ring: fromBase64url(ring), generation, publicKey }
        return { item, key: await mirror.keyOf(item), target }
      }),
    )
    return writeEnvelope(await acts.wrapAdd(directive, post, as, sealed))
  }
}

/** Of very many addressees some are enough, and each can tell by itself whether it is one. */
function isAmongFew(post: string, ring: string, count: number): boolean {
  const [high, low] = sha256(utf8(`${post} ${ring}`))
  return (high! * 256 + low!) * count < ENOUGH * 65_536
}

function idOf({ header }: Placed): string {
  return toBase64url(header.id)
}
