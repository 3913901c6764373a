import { compare, fromBase64url, toBase64url } from '../core/bytes.ts'
import { Refusal } from '../core/refusal.ts'
import { type Covering, coverings, type Declared, orderOf } from '../features/directives/index.ts'
import type { Directory, Id } from '../features/directory/index.ts'
import type { Registrar } from '../features/directory/registrar.ts'
import { dhakaTime } from '../language/time.ts'
import { KINDS, newState } from './device.ts'
import type { Placed } from './fold.ts'
import { MemoryStore } from './memory-store.ts'
import type { ClientState } from './mirror.ts'
import { Proven } from './proven.ts'
import type { Transport } from './transport.ts'
import { type Root, Seen } from './trust.ts'

/** What is to be given or ended. */
export type Owed = Covering & { state: 'give' | 'end' }
type RegistrarFor = (act: string) => Registrar | Promise<Registrar>

/**
 * Who acts for whom, as personnel sees it. The server says only where to look: every absence is proven with its signature, its
 * author's charge at that place and its whole chain, and so are the posts and people it concerns. What a server keeps back is not
 * seen, here as elsewhere.
 */
export class CoveringView {
  readonly #transport: Transport
  readonly #proven: Proven<ClientState>

  /** `transport` is signed in as somebody who makes or checks charges of the whole service under `root`. */
  constructor(transport: Transport, root: Root) {
    this.#transport = transport
    this.#proven = new Proven({ store: new MemoryStore(), transport, kinds: KINDS, newState })
    this.#proven.pin(root, new Seen(root.logKey))
  }

  /** What was proven so far. Another object after `look`. */
  get directory(): Directory {
    return this.#proven.directory
  }

  /** See `coverings`; `looked` are codes of posts. Throws `Refusal`: `not_found` for who is not personnel, `offline`, or what was a lie. */
  async look(now: number, looked: readonly string[] = []): Promise<Covering[]> {
    const proven = this.#proven
    const placed = await this.#absences()
    const concerned = placed.flatMap(({ entry }) => [entry.post, ...(entry.cover ? [entry.cover] : [])])
    await proven.refresh(new Set(concerned))
    const holders = concerned.flatMap((post) => proven.directory.post(post)?.holders ?? [])
    await proven.refresh(new Set(holders.map(({ person }) => person)))
    const { directory } = proven
    const ids = new Set(looked.flatMap((code) => directory.byCode('post', code) ?? []))
    return coverings(declaredIn(placed, directory), directory, now, ids)
  }

  async #absences(): Promise<Placed[]> {
    const proven = this.#proven
    const all: Placed[] = []
    for (let after = ''; ; ) {
      const page = await proven.inTurn(async () => {
        const bundle = await this.#transport.absences(after, proven.seen.size)
        if (bundle.entries.length === 0) return []
        return proven.takeThread(bundle, ({ entry }) => [entry.post])
      })
      const posts = page.flatMap(({ kind, entry }) => (kind.name === 'absence' ? [entry.post as Id] : []))
      const last = posts.sort((a, b) => compare(fromBase64url(a), fromBase64url(b))).at(-1)
      if (last === undefined || last === after) return all
      all.push(...page.filter(({ kind }) => kind.name === 'absence'))
      after = last
    }
  }
}

function declaredIn(placed: readonly Placed[], directory: Directory): Declared[] {
  return placed.flatMap(({ header, entry, index }) => {
    const by = header.appointment && directory.holding(toBase64url(header.appointment))
    return by ? [{ id: toBase64url(header.id), index, absence: entry, by }] : []
  })
}

/**
 * Gives or ends one charge, by two hands. Done again, also after a cut between the two, it is the same act; where somebody was
 * faster, nothing. `registrarFor` gives the hands, under the same key whenever the same act is asked for.
 */
export async function carryOut(
  owed: Owed,
  { directory, now, registrarFor }: { directory: Directory; now: number; registrarFor: RegistrarFor },
): Promise<void> {
  const { declared, post } = owed
  const order = orderOf(declared.id)
  const { from, to } = declared.absence
  try {
    if (owed.state === 'end') {
      const day = dhakaTime(owed.why === 'over' && to !== null ? to : now).date
      const registrar = await registrarFor(JSON.stringify(['cover', owed.holding.appointment, order, day]))
      return await registrar.endActing(owed.holding, day, order)
    }
    const [person, code] = [directory.person(owed.person)!.code, directory.post(post)!.code]
    const registrar = await registrarFor(JSON.stringify(['cover', person, code, order, owed.times]))
    await registrar.letAct(person, code, order, dhakaTime(from).date, owed.times)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'already_done') throw error
  }
}
