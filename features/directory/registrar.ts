import { type Bytes, fromBase64url, randomBytes } from '../../core/bytes.ts'
import { partyChain, SERVICE_CHAIN } from '../../core/chain.ts'
import type { Sign } from '../../core/cose.ts'
import { makeItem, type Signer, writeEnvelope } from '../../core/item.ts'
import { leafHash } from '../../core/merkle.ts'
import { Refusal } from '../../core/refusal.ts'
import { formatCode, newCode, readCode, rootTag, ticketKey } from '../../core/ticket.ts'
import type { Import, ImportHolding } from './country/import-shape.ts'
import {
  aboveFirst,
  actingId,
  appointDraft,
  approveDraft,
  chargeId,
  type DirectoryDraft,
  delegateDraft,
  endDraft,
  fieldMap,
  type ImportKey,
  importId,
  officeDraft,
  personDraft,
  postDraft,
} from './drafts.ts'
import type { Holding, Power } from './model.ts'

/** Who signs: a root key, or a device acting by an appointment. */
export type Hand = { signer: Signer; sign: Sign; appointment?: Bytes }

/** Sends up to 64 envelopes; each gets its own answer. */
export type Send = (envelopes: Bytes[]) => Promise<SendAnswer[]>
export type SendAnswer =
  | { accepted: true; index: number; leaf: Bytes }
  | { accepted: false; code: string; details: Record<string, unknown> }

export type RegistrarNeeds = {
  send: Send
  /** Makes; `checker` approves. Two hands, never one. */
  maker: Hand
  checker: Hand
  key: ImportKey
  /** How many entries the log had when this began: what an import finds below was there already. Without it nothing is. */
  size?: number
}

/** What an import found in the directory already, by its code, and left as it stands there. */
export type Before = { kind: string; code: string }

/** How many more items were accepted, of how many. */
export type Progress = (done: number, total: number) => void

const AT_ONCE = 64
/** How long a joining code is good for, in milliseconds. */
export const TICKET_LIFE = 7 * 86_400_000

/**
 * Registers offices, posts, people and charges, and issues tickets. Everything it sends under one `ImportKey` is the same
 * bytes however often it is sent, so an import that was cut off is simply run again.
 */
export class Registrar {
  readonly #needs: RegistrarNeeds

  constructor(needs: RegistrarNeeds) {
    this.#needs = needs
  }

  /**
   * Registers a whole plan: offices, posts, people, then each charge with its approval. What is there already, by whichever
   * hand, or from the same import before, is left as it stands and named in the answer. Throws the first other `Refusal`.
   */
  async import(plan: Import, from: string, progress: Progress = () => {}): Promise<Before[]> {
    const { key, maker, checker, size = 0 } = this.#needs
    const holdings = plan.people.flatMap(({ code, posts }) => posts.map((holding) => ({ code, holding })))
    const total = plan.offices.length + plan.posts.length + plan.people.length + 2 * holdings.length
    let done = 0
    const report = (count: number) => {
      done += count
      progress(done, total)
    }
    const before: Before[] = []
    const isBefore = (one: Placed | null) => !one || one.index < size
    const makeAll = async <T extends { code: string }>(list: T[], draft: (one: T) => DirectoryDraft) => {
      const drafts = list.map(draft)
      const placed = await this.#place(maker, drafts, report, isThere)
      placed.forEach((one, i) => {
        if (isBefore(one)) before.push({ kind: drafts[i]!.kind, code: list[i]!.code })
      })
    }
    const offices = aboveFirst(plan.offices, ({ parent }) => parent)
    await makeAll(offices, (office) => officeDraft(key, office))
    const posts = aboveFirst(plan.posts, ({ supervisor }) => supervisor)
    await makeAll(posts, (post) => postDraft(key, post))
    await makeAll(plan.people, (person) => personDraft(key, person))
    const appoints = holdings.map(({ code, holding }) => appointDraft(key, code, holding, from))
    const placed = await this.#place(maker, appoints, report, isThere)
    const made = placed.flatMap((one, i) => (one ? [{ ...one, ...holdings[i]! }] : []))
    report(holdings.length - made.length)
    const approvals = made.map(({ index, leafHash, holding }) =>
      approveDraft(key, index, leafHash, partyChain(importId(key, 'post', holding.post))),
    )
    const approved = await this.#placeAll(checker, approvals, report)
    // A charge is there since it was approved: of an import cut off between the two hands it is new.
    const fresh = new Set(made.filter((_, i) => !isBefore(approved[i]!)).map(({ holding }) => holding))
    for (const { code, holding } of holdings) {
      if (!fresh.has(holding)) before.push({ kind: 'appoint', code: `${code} ${holding.post}` })
    }
    return before
  }

  /** Gives a post powers over the whole service; the second root key approves. Both hands must be root keys. */
  async delegate(post: string, powers: Power[]): Promise<void> {
    await this.#byBoth(delegateDraft(this.#needs.key, post, powers, null), SERVICE_CHAIN)
  }

  /** Makes an office, a post or a person as the draft says it is from now on; one hand is enough. Throws the first `Refusal`. */
  async change(draft: DirectoryDraft): Promise<void> {
    await this.#placeAll(this.#needs.maker, [draft])
  }

  /** Ends a charge as of the ISO date `to`. Throws the first `Refusal`: `conflict` or `already_done` where it was ended before. */
  async end(holding: Pick<Holding, 'appointment' | 'post'>, to: string, order: string | null): Promise<void> {
    await this.#byBoth(endDraft(this.#needs.key, holding, to, order), partyChain(fromBase64url(holding.post)))
  }

  /**
   * Gives a person, by his code, a post as of the ISO date `from`; he held it `times` times before, so that it is another charge than
   * those. Throws the first `Refusal`: `already_done` where he holds it.
   */
  async appoint(person: string, holding: ImportHolding, from: string, times: number): Promise<void> {
    const { key } = this.#needs
    const draft = { ...appointDraft(key, person, holding, from), id: chargeId(key, person, holding.post, from, times) }
    await this.#byBoth(draft, partyChain(importId(key, 'post', holding.post)))
  }

  /**
   * Gives a person, by his code, routine charge of a post whose holder is away, who had it `times` times before. Where the first of the
   * two items was sent by this hand before, it is taken up again; another hand begins anew. Throws as `appoint`.
   */
  async letAct(person: string, post: string, order: string, from: string, times: number): Promise<void> {
    const { key, maker } = this.#needs
    const id = actingId(key, maker.signer.id, `${person} ${post} ${order} ${from} ${times}`)
    const draft = appointDraft(key, person, { post, charge: 'routine', order }, from)
    await this.#byBoth({ ...draft, id }, partyChain(importId(key, 'post', post)))
  }

  /** Ends what `letAct` gave, likewise. Throws as `end`. */
  async endActing(holding: Pick<Holding, 'appointment' | 'post'>, to: string, order: string): Promise<void> {
    const { key, maker } = this.#needs
    const id = actingId(key, maker.signer.id, `${holding.appointment} ${order} ${to}`)
    await this.#byBoth({ ...endDraft(key, holding, to, order), id }, partyChain(fromBase64url(holding.post)))
  }

  /** Sent once more under the same `ImportKey` it is the same items, and nothing is done twice. */
  async #byBoth(draft: DirectoryDraft, chain: Bytes): Promise<void> {
    const { key, maker, checker } = this.#needs
    const [made] = await this.#placeAll(maker, [draft])
    await this.#placeAll(checker, [approveDraft(key, made!.index, made!.leafHash, chain)])
  }

  /**
   * A joining code for each person, in order; the codes exist nowhere else. Each is good for one device and seven days.
   * `replacing`: the person may have a live device; a second hand approves, and using the ticket closes that device.
   */
  async tickets(people: Bytes[], root: Bytes, now: number, { replacing = false } = {}): Promise<string[]> {
    const { maker, checker, key } = this.#needs
    const codes = people.map(() => newCode())
    const drafts = await Promise.all(
      people.map(async (person, i): Promise<DirectoryDraft> => {
        const code = readCode(codes[i]!)
        const { publicKey } = await ticketKey(code)
        const fields = fieldMap([person, publicKey, now + TICKET_LIFE, rootTag(code, root)])
        return { kind: 'ticket', id: randomBytes(16), time: now, fields }
      }),
    )
    const placed = await this.#placeAll(maker, drafts)
    if (replacing) {
      const approvals = placed.map((answer, i) =>
        approveDraft(key, answer.index, answer.leafHash, partyChain(people[i]!)),
      )
      await this.#placeAll(checker, approvals)
    }
    return codes.map((code) => formatCode(readCode(code)))
  }

  async #placeAll(hand: Hand, drafts: DirectoryDraft[], report?: (count: number) => void): Promise<Placed[]> {
    return (await this.#place(hand, drafts, report)) as Placed[]
  }

  /** Where each draft came to stand, in order; null for those refused as `isFine` says is fine. */
  async #place(
    hand: Hand,
    drafts: DirectoryDraft[],
    report: (count: number) => void = () => {},
    isFine: (refused: Refused, kind: string) => boolean = () => false,
  ): Promise<(Placed | null)[]> {
    const placed: (Placed | null)[] = []
    for (let at = 0; at < drafts.length; at += AT_ONCE) {
      const part = drafts.slice(at, at + AT_ONCE)
      const { signer, sign, appointment } = hand
      const envelopes = await Promise.all(
        part.map((draft) => makeItem({ ...draft, ...(appointment ? { appointment } : {}) }, signer, sign)),
      )
      const answers = await this.#needs.send(envelopes.map(writeEnvelope))
      answers.forEach((answer, i) => {
        const { kind } = part[i]!
        if (answer.accepted) placed.push({ index: answer.index, leafHash: leafHash(answer.leaf) })
        else if (isFine(answer, kind)) placed.push(null)
        else throw new Refusal(answer.code, `The server refused a ${kind}`, { kind, ...answer.details })
      })
      report(part.length)
    }
    return placed
  }
}

type Placed = { index: number; leafHash: Bytes }
type Refused = SendAnswer & { accepted: false }

/**
 * Ids come from codes, so another item with the id is the same party or charge made by another hand or at another time. A
 * charge that is held was given under another date.
 */
function isThere({ code, details }: Refused, kind: string): boolean {
  if (code === 'conflict') return typeof details.index === 'number'
  return code === 'already_done' && kind === 'appoint'
}
