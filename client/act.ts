import { type Bytes, fromBase64url, randomBytes } from '../core/bytes.ts'
import type { CborMap } from '../core/cbor.ts'
import type { Part } from '../core/commitment.ts'
import { type Draft, type Envelope, ID_LENGTH, MAX_WRAPS, makeItem, type Signer } from '../core/item.ts'
import { Refusal } from '../core/refusal.ts'
import { newItemKey, noticeKey, sealBody } from '../core/seal.ts'
import { type Target, type Wrap, wrapKey } from '../core/wrap.ts'
import {
  answerFields,
  cancelFields,
  type DirectiveEntry,
  directiveFields,
  type Line,
  receiptFields,
  supersedeFields,
  wrapAddFields,
} from '../features/directives/entries.ts'
import type { AbsenceEntry, PracticeEntry } from '../features/directives/index.ts'
import {
  absenceFields,
  amendFields,
  approvalFields,
  draftFields,
  extendFields,
  practiceFields,
  remindFields,
} from '../features/directives/index.ts'
import { audience, type Cover, coverOf, directiveReaders, threadReaders } from '../features/directives/rules.ts'
import type { Directory } from '../features/directory/index.ts'
import type { DeviceKeys } from './device-keys.ts'
import type { State } from './fold.ts'
import type { Proven } from './proven.ts'
import type { AnswerState } from './views.ts'

type Needs = {
  proven: Proven<State & { directory: Directory }>
  keys: DeviceKeys
  person: string
  now: () => number
  /** The address of the record room, unproven; null where there is none. */
  recordRoom: () => Promise<string | null>
}

/** How far a long piece of sealing has come. */
export type Progress = (done: number, total: number) => void

/** A letter ready to be issued. */
export type Issue = {
  post: string
  /** Two groups: what a list shows, and the letter. */
  groups: [summary: Part[], letter: Part[]]
  lines: Line[]
  clauses: DirectiveEntry['clauses']
  due: number | null
  grade: number
  urgency: number
  form?: DirectiveEntry['form']
  /** The approved draft it is issued from; those who approved read it. */
  draft?: { id: string; approvers: string[] } | undefined
  /** The directive it passes on, which travels along as it was signed (`client/enclosure.ts`). */
  passing?: { parent: string; enclosure: Part } | undefined
}

/** How many wraps are sealed at once: enough to keep the platform busy, few enough to show progress. */
const WRAPS_AT_ONCE = 32

/**
 * Seals and signs the acts of one person's device. What it seals to comes from the proven directory alone, and is fetched where
 * it is not known (hazards 3 and 5). Nothing is sent here.
 */
export class Acts {
  readonly #proven: Needs['proven']
  readonly #keys: DeviceKeys
  readonly #person: string
  readonly #now: () => number
  readonly #recordRoom: Needs['recordRoom']

  constructor({ proven, keys, person, now, recordRoom }: Needs) {
    this.#recordRoom = recordRoom
    this.#proven = proven
    this.#keys = keys
    this.#person = person
    this.#now = now
  }

  /** Any kind of item, signed by this device; `post` names the appointment it acts by. */
  async actAs(kind: string, fields: CborMap, { post, body, wraps, id, ...more }: ActAs = {}): Promise<Envelope> {
    const draft: Draft = { ...more, kind, id: id ?? newId(), time: this.#now(), fields }
    if (post !== undefined) draft.appointment = this.#appointment(post)
    if (body) draft.body = body
    if (wraps) draft.wraps = wraps
    draft.seen = { size: this.#proven.seen.size, item: null }
    return makeItem(draft, this.#signer, this.#keys.sign)
  }

  receipt(directive: string, post: string, state: 'opened' | 'acknowledged'): Promise<Envelope> {
    return this.actAs('receipt', receiptFields({ directive, post, state }), this.#acting(post))
  }

  /** An answer in the thread of `post`, by the holder of `as`; its note is sealed to the three who read the thread. */
  async answer(
    directive: string,
    issuer: string,
    answering: {
      post: string
      as?: string
      clauses: string[]
      state: AnswerState
      until: number | null
      note: string
      /** Further sealed parts: values of asked fields, files. */
      parts?: Part[]
      /** Of each file the hashes of its chunks. */
      files?: Bytes[][]
    },
  ): Promise<Envelope> {
    const { post, as = post, clauses, state, until, note, parts = [], files = [] } = answering
    await this.#proven.need([post, issuer])
    const readers = threadReaders(post, issuer, this.#directory)
    await this.#needCover(readers)
    const { id, sealed, wraps } = await this.#seal(
      [[{ label: 'note', value: note }, ...parts]],
      coverOf(readers, this.#directory),
    )
    const fields = answerFields({ directive, post, clauses, state, until, files })
    return this.actAs('answer', fields, {
      ...this.#acting(as),
      id,
      body: sealed.sections,
      commitment: sealed.commitment,
      wraps,
    })
  }

  /** Ends a directive: its reason opens for everybody who could open the directive (`key` is the directive's item key). */
  async cancel(directive: string, post: string, key: Bytes, reason: string): Promise<Envelope> {
    return this.#notice('cancel', cancelFields({ directive, issuer: post }), post, key, reason)
  }

  async supersede(directive: string, post: string, successor: string, key: Bytes, reason: string): Promise<Envelope> {
    return this.#notice('supersede', supersedeFields({ directive, issuer: post, successor }), post, key, reason)
  }

  /** Changes the text of some parts: each given part stands in place of the one of its label. */
  amend(directive: string, post: string, key: Bytes, reason: string, parts: Part[]): Promise<Envelope> {
    return this.#notice('amend', amendFields({ directive, issuer: post }), post, key, reason, parts)
  }

  extend(directive: string, post: string, due: number, key: Bytes, reason: string): Promise<Envelope> {
    return this.#notice('extend', extendFields({ directive, issuer: post, due }), post, key, reason)
  }

  /** A তাগিদপত্র to these addressees. */
  remind(directive: string, post: string, posts: string[], key: Bytes, reason: string): Promise<Envelope> {
    return this.#notice('remind', remindFields({ directive, issuer: post, posts }), post, key, reason)
  }

  /** Lays a letter before those who approve it: sealed to them and to the drafting post. */
  async layBefore(
    post: string,
    approvers: string[],
    groups: [summary: Part[], letter: Part[]],
    replaces: string | null,
  ): Promise<Envelope> {
    await this.#proven.refresh([post, ...approvers])
    const readers = new Set([post, ...approvers])
    await this.#needCover(readers)
    const { id, sealed, wraps } = await this.#seal(groups, coverOf(readers, this.#directory))
    const fields = draftFields({ issuer: post, approvers, replaces })
    return this.actAs('draft', fields, { post, id, body: sealed.sections, commitment: sealed.commitment, wraps })
  }

  /** Approves a draft, or returns it with a reason; `key` is the draft's item key. */
  approve(draft: string, post: string, approved: boolean, key: Bytes, reason: string): Promise<Envelope> {
    return this.#notice('approval', approvalFields({ draft, post, approved }), post, key, reason)
  }

  /** Says why a post cannot answer, and who acts meanwhile; by its holder, or (`as`) by the post above. */
  absence(absence: AbsenceEntry, as = absence.post): Promise<Envelope> {
    return this.actAs('absence', absenceFields(absence), { post: as })
  }

  /** Sets how an office works, by the head of it or who registers it. */
  practice(practice: PracticeEntry, as: string): Promise<Envelope> {
    return this.actAs('practice', practiceFields(practice), { post: as })
  }

  /**
   * Seals a letter to everyone its lines mean, their direct supervisors and the issuing post. `candidates` are posts the lines may
   * mean, from the list of names; which of them they do mean is decided on the proven directory.
   *
   * Throws `Refusal`: `unresolved_line` (nobody is meant), `too_many_wraps`.
   */
  async issue(
    issue: Issue,
    candidates: Iterable<string>,
    progress: Progress,
  ): Promise<{ envelope: Envelope; count: number }> {
    const { post, lines, groups, clauses, due, grade, urgency, form = 'letter', draft, passing } = issue
    await this.#proven.refresh([post, ...(draft?.approvers ?? []), ...candidates], progress)
    const meant = audience(lines, this.#directory)
    if (meant.posts.length === 0) throw new Refusal('unresolved_line', 'The lines mean nobody')
    const readers = directiveReaders(meant.posts, post, this.#directory)
    for (const approver of draft?.approvers ?? []) readers.add(approver)
    await this.#needCover(readers)
    const cover = coverOf(readers, this.#directory)
    const sections = passing ? [...groups, [passing.enclosure]] : groups
    const { id, sealed, wraps } = await this.#seal(sections, cover, progress)
    const fields = directiveFields({
      issuer: post,
      lines,
      resolvedAt: this.#proven.seen.size,
      count: meant.posts.length,
      audienceHash: meant.hash,
      clauses,
      due,
      grade,
      urgency,
      form,
      parent: passing?.parent ?? null,
      draft: draft?.id ?? null,
    })
    const rest = { post, id, body: sealed.sections, commitment: sealed.commitment, wraps }
    return { envelope: await this.actAs('directive', fields, rest), count: meant.posts.length }
  }

  /** Wraps item keys again for one thread: to rings another of its readers has now. `as` is the post it is done for. */
  async wrapAdd(
    directive: string,
    post: string,
    as: string,
    pairs: { item: string; key: Bytes; target: Target }[],
  ): Promise<Envelope> {
    const rewraps = await Promise.all(
      pairs.map(async ({ item, key, target }) => ({ item, wrap: await wrapKey(key, fromBase64url(item), target) })),
    )
    const { fields, body } = wrapAddFields(directive, post, rewraps)
    return this.actAs('wrap-add', fields, { post: as, body })
  }

  /** The rings to seal to with their public keys, all from the proven directory. Throws `Refusal('no_cover')`. */
  targets(cover: Cover): Target[] {
    if (cover.size === 0) throw new Refusal('no_cover', 'Nobody can read this')
    if (cover.size > MAX_WRAPS) throw new Refusal('too_many_wraps', 'More than 2,000 wraps', { max: MAX_WRAPS })
    return [...cover].map(([id, generation]) => {
      const ring = this.#directory.ring(id)
      const publicKey = generation === 0 ? this.#directory.device(id)?.publicKey : ring?.publicKey
      if (!publicKey || (generation > 0 && ring?.generation !== generation)) {
        throw new Refusal('no_cover', 'A ring without a proven key', { ring: id, generation })
      }
      return { ring: fromBase64url(id), generation, publicKey }
    })
  }

  get #signer(): Signer {
    return { type: 'device', id: fromBase64url(this.#keys.id) }
  }

  /**
   * Everything `coverOf` these readers rests on. The record room reads for whoever nobody else reads for; only its address is
   * taken on trust, that it is the record room its own entry says.
   */
  async #needCover(readers: ReadonlySet<string>): Promise<void> {
    await this.#proven.needCover(readers)
    if (this.#directory.recordRoom()) return
    if ([...readers].every((reader) => this.#directory.cover(reader).length > 0)) return
    const room = await this.#recordRoom()
    if (room) await this.#proven.needCover([room])
  }

  get #directory(): Directory {
    return this.#proven.directory
  }

  async #seal(groups: Part[][], cover: Cover, progress?: Progress) {
    const id = newId()
    const key = newItemKey()
    const targets = this.targets(cover)
    const wraps: Wrap[] = []
    for (let from = 0; from < targets.length; from += WRAPS_AT_ONCE) {
      const part = targets.slice(from, from + WRAPS_AT_ONCE)
      wraps.push(...(await Promise.all(part.map((target) => wrapKey(key, id, target)))))
      progress?.(wraps.length, targets.length)
    }
    return { id, wraps, sealed: await sealBody(key, { id, signer: this.#signer }, groups) }
  }

  async #notice(
    kind: string,
    fields: CborMap,
    post: string,
    key: Bytes,
    reason: string,
    parts: Part[] = [],
  ): Promise<Envelope> {
    const id = newId()
    const groups = [[{ label: 'reason', value: reason }, ...parts]]
    const { sections, commitment } = await sealBody(noticeKey(key, id), { id, signer: this.#signer }, groups)
    return this.actAs(kind, fields, { post, id, body: sections, commitment })
  }

  /** By which appointment one acts for an addressee: none for oneself, to whom a demi-official letter came. */
  #acting(addressee: string): { post?: string } {
    return addressee === this.#person ? {} : { post: addressee }
  }

  #appointment(post: string): Bytes {
    const holding = this.#directory.postsOf(this.#person).find((held) => held.post === post)
    if (!holding) throw new Refusal('not_allowed', 'This person does not hold that post', { post })
    return fromBase64url(holding.appointment)
  }
}

type ActAs = Partial<Pick<Draft, 'body' | 'wraps' | 'commitment' | 'id'>> & { post?: string }

export function newId(): Bytes {
  return randomBytes(ID_LENGTH)
}
