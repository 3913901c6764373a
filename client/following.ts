import { Refusal } from '../core/refusal.ts'
import { coveredAbsence, type PracticeEntry } from '../features/directives/index.ts'
import { type Difference, differences } from './approved.ts'
import type { Device } from './device.ts'
import { draftsOf } from './drafts.ts'
import { personName, textOf } from './rows.ts'
import type { Session } from './session.ts'
import type { Absence, ActingHolder, DirectiveRow, DraftView, Following, IssueDraft, Part } from './views.ts'

type Needs = { device: Device; session: Session; rows: () => DirectiveRow[]; undoFor: number }

/** What becomes of a directive before and after it is issued. Everything but reading goes through the outbox. */
export class FollowThrough implements Following {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  get drafts(): DraftView[] {
    const { proven, mirror, person, locker } = this.#needs.device
    return locker.locked ? [] : draftsOf({ state: proven.state, mirror, person })
  }

  /** Throws `Refusal`: `not_found`, `cannot_open` while its key has not come, `offline`. */
  async openDraft(id: string): Promise<IssueDraft> {
    const { mirror, transport } = this.#needs.device
    if (mirror.act(id)?.kind.name !== 'draft') throw new Refusal('not_found', 'No such draft here', { id })
    if (!mirror.text(id)) throw new Refusal('cannot_open', 'The key to that draft has not come yet', { id })
    const parts = await mirror.section(id, 1, () => transport.section(id, 1))
    const issuing = JSON.parse(textOf(parts, 'issuing')) as Omit<IssueDraft, 'parts'>
    return { ...issuing, parts: parts.filter(({ label }) => label !== 'issuing') }
  }

  /** Throws as `openDraft`; `not_found` also where the letter has not come yet. */
  async differsFromApproved(id: string): Promise<Difference[]> {
    const { mirror, proven, transport } = this.#needs.device
    const issued = proven.state.directives.draft(id)?.directive
    const placed = issued ? mirror.directive(issued) : undefined
    if (!issued || !placed) throw new Refusal('not_found', 'Not issued, or not here yet', { id })
    const approved = await this.openDraft(id)
    const sections = await Promise.all([0, 1].map((n) => mirror.section(issued, n, () => transport.section(issued, n))))
    return differences(approved, { entry: placed.entry, sections })
  }

  layBefore(draft: IssueDraft, approvers: string[], replaces?: string): Promise<string> {
    const { post } = draft
    return this.#add({ what: 'draft', post, draft, approvers, replaces: replaces ?? null }, draft.summary.subject)
  }

  approve(id: string, approved: boolean, reason: string): Promise<string> {
    const draft = this.drafts.find((one) => one.id === id)
    if (!draft) throw new Refusal('not_found', 'No such draft here', { id })
    return this.#add({ what: 'approval', post: draft.mine, draftId: id, approved, reason }, draft.subject)
  }

  amend(id: string, reason: string, parts: Part[]): Promise<string> {
    return this.#change(id, { what: 'amend', reason, parts })
  }

  extend(id: string, due: number, reason: string): Promise<string> {
    return this.#change(id, { what: 'extend', reason, due })
  }

  remind(id: string, posts: string[], reason: string): Promise<string> {
    return this.#change(id, { what: 'remind', reason, posts })
  }

  get absences(): Absence[] {
    const { proven, outbox, person } = this.#needs.device
    const held = new Set(proven.directory.postsOf(person).map(({ post }) => post))
    const newest = new Map<string, Absence>()
    const concerns = ({ post, cover }: Absence) => held.has(post) || (cover !== null && held.has(cover))
    const placed = [...proven.acts()].filter(({ kind }) => kind.name === 'absence').sort((a, b) => a.index - b.index)
    for (const { entry } of placed) newest.set(entry.post, entry)
    for (const absence of outbox.absences()) newest.set(absence.post, absence)
    return [...newest.values()].filter(concerns)
  }

  acting(post: string): ActingHolder | null {
    const { proven, person } = this.#needs.device
    const held = proven.directory.post(post)?.holders.find((holding) => coveredAbsence(holding) !== null)
    return held ? { person: personName(held.person, proven.directory), mine: held.person === person } : null
  }

  async declareAbsent(absence: Absence): Promise<string> {
    const { proven, person } = this.#needs.device
    if (!proven.directory.post(absence.post)) await proven.need([absence.post])
    const held = proven.directory.postsOf(person).map(({ post }) => post)
    const above = proven.directory.post(absence.post)?.supervisor
    const as = held.includes(absence.post) ? absence.post : held.find((post) => post === above)
    if (!as) throw new Refusal('not_allowed', 'Neither that post nor the one above is held here')
    return this.#add({ what: 'absence', post: absence.post, as, absence }, '')
  }

  async sayPractice(practice: PracticeEntry, as: string): Promise<string> {
    const { device, session } = this.#needs
    const held = device.proven.directory.postsOf(device.person).some(({ post }) => post === as)
    if (!held) throw new Refusal('not_allowed', 'That post is not held here')
    const local = await device.outbox.add({ what: 'practice', post: as, practice }, '')
    session.flushSoon(0)
    return local
  }

  async route(post: string): Promise<string[]> {
    const { transport } = this.#needs.device
    const { approvers } = (await transport.json(`/api/posts/${post}/route`)) as { approvers: string[] }
    return approvers
  }

  #change(
    directive: string,
    change:
      | { what: 'amend'; reason: string; parts: Part[] }
      | { what: 'extend'; reason: string; due: number }
      | { what: 'remind'; reason: string; posts: string[] },
  ): Promise<string> {
    const row = this.#needs.rows().find((one) => one.id === directive && one.role === 'issuing')
    if (!row) throw new Refusal('not_found', 'No such directive of mine here', { id: directive })
    return this.#add({ ...change, directive, post: row.post }, row.subject)
  }

  async #add(draft: Parameters<Device['outbox']['add']>[0], title: string): Promise<string> {
    const { device, session, undoFor } = this.#needs
    const local = await device.outbox.add(draft, title, undoFor)
    session.flushSoon(undoFor)
    return local
  }
}
