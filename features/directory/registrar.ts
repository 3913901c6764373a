import { type Bytes, randomBytes } from '../../core/bytes.ts'
import { partyChain, SERVICE_CHAIN } from '../../core/chain.ts'
import type { Sign } from '../../core/cose.ts'
import { makeItem, type Signer, writeEnvelope } from '../../core/item.ts'
import { leafHash } from '../../core/merkle.ts'
import { Refusal } from '../../core/refusal.ts'
import { formatCode, newCode, readCode, rootTag, ticketKey } from '../../core/ticket.ts'
import type { Import } from './country/import-shape.ts'
import {
  aboveFirst,
  appointDraft,
  approveDraft,
  type DirectoryDraft,
  delegateDraft,
  fieldMap,
  type ImportKey,
  importId,
  officeDraft,
  personDraft,
  postDraft,
} from './drafts.ts'
import type { Power } from './model.ts'

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
}

/** How many more items were accepted, of how many. */
export type Progress = (done: number, total: number) => void

const AT_ONCE = 64
const TICKET_LIFE = 7 * 86_400_000

/**
 * Registers offices, posts, people and charges, and issues tickets. Everything it sends under one `ImportKey` is the same
 * bytes however often it is sent, so an import that was cut off is simply run again.
 */
export class Registrar {
  readonly #needs: RegistrarNeeds

  constructor(needs: RegistrarNeeds) {
    this.#needs = needs
  }

  /** Registers a whole plan: offices, posts, people, then each charge with its approval. Throws the first `Refusal`. */
  async import(plan: Import, from: string, progress: Progress = () => {}): Promise<void> {
    const { key, maker, checker } = this.#needs
    const holdings = plan.people.flatMap(({ code, posts }) => posts.map((holding) => ({ code, holding })))
    const total = plan.offices.length + plan.posts.length + plan.people.length + 2 * holdings.length
    let done = 0
    const report = (count: number) => {
      done += count
      progress(done, total)
    }
    await this.#place(
      maker,
      aboveFirst(plan.offices, ({ parent }) => parent).map((o) => officeDraft(key, o)),
      report,
    )
    await this.#place(
      maker,
      aboveFirst(plan.posts, ({ supervisor }) => supervisor).map((p) => postDraft(key, p)),
      report,
    )
    await this.#place(
      maker,
      plan.people.map((person) => personDraft(key, person)),
      report,
    )
    const charges = holdings.map(({ code, holding }) => appointDraft(key, code, holding, from))
    const placed = await this.#place(maker, charges, report)
    const chains = holdings.map(({ holding }) => partyChain(importId(key, 'post', holding.post)))
    const approvals = placed.map((answer, i) => approveDraft(key, answer.index, answer.leafHash, chains[i]!))
    await this.#place(checker, approvals, report)
  }

  /** Gives a post powers over the whole service; the second root key approves. Both hands must be root keys. */
  async delegate(post: string, powers: Power[]): Promise<void> {
    const { key, maker, checker } = this.#needs
    const [made] = await this.#place(maker, [delegateDraft(key, post, powers, null)])
    await this.#place(checker, [approveDraft(key, made!.index, made!.leafHash, SERVICE_CHAIN)])
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
    const placed = await this.#place(maker, drafts)
    if (replacing) {
      const approvals = placed.map((answer, i) =>
        approveDraft(key, answer.index, answer.leafHash, partyChain(people[i]!)),
      )
      await this.#place(checker, approvals)
    }
    return codes.map((code) => formatCode(readCode(code)))
  }

  async #place(hand: Hand, drafts: DirectoryDraft[], report: (count: number) => void = () => {}) {
    const placed: { index: number; leafHash: Bytes }[] = []
    for (let at = 0; at < drafts.length; at += AT_ONCE) {
      const part = drafts.slice(at, at + AT_ONCE)
      const { signer, sign, appointment } = hand
      const envelopes = await Promise.all(
        part.map((draft) => makeItem({ ...draft, ...(appointment ? { appointment } : {}) }, signer, sign)),
      )
      const answers = await this.#needs.send(envelopes.map(writeEnvelope))
      answers.forEach((answer, i) => {
        const { kind } = part[i]!
        if (!answer.accepted)
          throw new Refusal(answer.code, `The server refused a ${kind}`, { kind, ...answer.details })
        placed.push({ index: answer.index, leafHash: leafHash(answer.leaf) })
      })
      report(part.length)
    }
    return placed
  }
}
