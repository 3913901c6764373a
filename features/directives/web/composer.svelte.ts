import type { IssueDraft, ListedPost } from '../../../client/views.ts'
import { banglaDate, formatBanglaDate } from '../../../language/calendar.ts'
import { dhakaTime, fromDhaka } from '../../../language/time.ts'
import { addWorkingDays, PLAIN_CALENDAR, type WorkingCalendar } from '../../../language/working-time.ts'
import type { Letter, Reading } from '../../../letters/letter.ts'
import { readLetter } from '../../../letters/read.ts'
import { typeset } from '../../../letters/typeset.ts'
import type { Live } from '../../../web/shell/live.svelte.ts'
import {
  asksOf,
  type Block,
  blocksOf,
  type Composition,
  compositionOf,
  directBlocks,
  draftOf,
  dueBlocks,
  emptyComposition,
  fieldsIn,
  type LineFix,
  linesOf,
  type Mode,
  mended,
  postOfSignature,
  reachOf,
} from './composing.ts'
import { personalDraft, postsBelow, type Signatory, shortDraft } from './directing.ts'
import { Draft } from './draft.svelte.ts'
import { approversOf } from './drafting.ts'
import { type MarkKey, marksOf, segmentsOf } from './marks.ts'
import { knownTitle } from './post-search.ts'
import { mendIn, supersedeIn } from './superseding.svelte.ts'

/** A letter on its way to being issued: what was typed, what was understood of it, and what a person decided about it. */
export class Composer {
  readonly app: Live
  readonly draft: Draft
  readonly #now: () => number
  /** The charge in the signature, as it last chose the post. */
  #signed = ''
  /** Whose approval the office wants of a letter from this post. */
  route: string[] = $state.raw([])
  at: Composition = $state(emptyComposition(''))
  names: ListedPost[] = $state.raw([])
  calendar: WorkingCalendar = $state.raw(PLAIN_CALENDAR)
  namesFailed = $state('')
  ready = $state(false)
  /** The part looked at on either side of the paper. */
  chosen: MarkKey | null = $state(null)

  reading: Reading = $derived.by(() => readLetter(this.at.text))
  letter: Letter = $derived.by(() => mended(this.reading, this.at.fixes))
  segments = $derived.by(() => segmentsOf(this.at.text, marksOf(this.reading), this.reading.warnings))
  blocks = $derived.by(() => typeset(this.letter))
  lines = $derived.by(() => linesOf(this.letter, this.at, this.names))
  reach = $derived.by(() => reachOf(this.lines, this.names))
  /** What may be asked of: the whole letter, and its clauses. */
  labels = $derived(['', ...new Set(this.letter.clauses.map(({ label }) => label).filter(Boolean))])
  fields = $derived(fieldsIn(this.at.fields, this.at.mode === 'letter' ? this.labels : ['']))
  asks = $derived.by(() => asksOf(this.letter, { ...this.at, fields: this.fields }))
  /** What is wrong with the due date: it is over, or was to be given and is not. */
  dueFault: Block | undefined = $derived.by(() => dueBlocks(this.at, this.due(), this.#now())[0])
  /** Somebody wanted to go on without the date: only then is it asked for, where it belongs. */
  dateAsked = $state(false)
  blocked: Block[] = $derived.by(() => [
    ...(this.at.mode === 'letter' ? blocksOf(this.letter, this.lines, this.fields) : directBlocks(this.at)),
    ...(this.dueFault ? [this.dueFault] : []),
  ])
  below: ListedPost[] = $derived.by(() => postsBelow(this.names, this.at.post))
  belowIds: ReadonlySet<string> = $derived(new Set(this.below.map(({ id }) => id)))
  /** Not a superior's word to his own, though it is short: it goes as a letter. */
  asLetter = $derived(this.at.mode === 'short' && this.at.to.some((id) => !this.belowIds.has(id)))
  approvers = $derived(this.at.mode === 'letter' ? approversOf(this.route, this.at.approvers, this.at.post) : [])
  byId = $derived.by(() => new Map(this.names.map((post) => [post.id, post])))

  /** `now` moves while the letter is being written: what is due today may be over before it goes. */
  constructor(app: Live, now: () => number) {
    this.app = app
    this.#now = now
    this.draft = new Draft(app.client, 'issue')
    void this.#open()
    void this.loadNames()
  }

  /** Posts of mine from which what is being written may go. */
  get issuers() {
    return this.issuersOf(this.at.mode)
  }

  issuersOf(mode: Mode) {
    const { posts } = this.app.me
    if (mode === 'letter' || mode === 'do') return posts.filter(({ mayIssue }) => mayIssue)
    const above = new Set(this.names.map(({ supervisor }) => supervisor))
    return posts.filter(({ id, mayIssue }) => (mode === 'short' && mayIssue) || above.has(id))
  }

  choose(mode: Mode): void {
    this.at.mode = mode
    this.#settlePost()
    this.changed()
  }

  /** Chooses posts, or takes the choice back where all of them were chosen. */
  pick(ids: readonly string[]): void {
    const all = ids.every((id) => this.at.to.includes(id))
    const others = this.at.to.filter((id) => !ids.includes(id))
    this.at.to = all ? others : [...others, ...ids]
    this.changed()
  }

  /** Asks for the date that is missing; false where none is. */
  askDate(): boolean {
    this.dateAsked = this.dueFault === 'noDate'
    return this.dateAsked
  }

  /** The last moment of the day it is due, or null. */
  due(now = Date.now()): number | null {
    const { due } = this.at
    if (due.kind === 'none') return null
    if (due.kind === 'date') return due.date ? fromDhaka(due.date, 17) : null
    return addWorkingDays(this.calendar, now, { today: 0, three: 3, seven: 7 }[due.kind])
  }

  async loadNames(): Promise<void> {
    this.namesFailed = ''
    try {
      this.names = await this.app.client.names('as they are now')
      if (this.ready) this.#settlePost()
      await this.#settleCalendar()
    } catch (error) {
      this.namesFailed = (error as { code?: string }).code ?? 'load_failed'
    }
  }

  /** Says that something was changed by hand: the draft is kept after a pause. */
  changed(): void {
    this.#followSignature()
    this.draft.keep($state.snapshot(this.at))
  }

  fix(key: string, fix: LineFix): void {
    this.at.lines[key] = { ...this.at.lines[key], ...fix }
    this.changed()
  }

  unfix(key: string): void {
    delete this.at.lines[key]
    this.changed()
  }

  add(line: string): void {
    this.at.added.push(line)
    this.changed()
  }

  removeAdded(text: string): void {
    this.at.added = this.at.added.filter((line) => line !== text)
    this.changed()
  }

  /** Puts the right Bangla date in place of the wrong one, in the text itself: the person asked for it. */
  correctBanglaDate(): void {
    const { spans, date } = this.reading
    if (!spans.banglaDate || !date) return
    const { start, end } = spans.banglaDate
    this.at.text = this.at.text.slice(0, start) + formatBanglaDate(banglaDate(date)) + this.at.text.slice(end)
    this.changed()
  }

  /** Begins anew; the old draft is gone. */
  clear(): void {
    this.at = { ...emptyComposition(''), mode: this.at.mode }
    this.#signed = ''
    this.#settlePost()
    this.draft.forget()
  }

  /** All of it as it would be issued now. */
  toIssue(): IssueDraft {
    const composition = $state.snapshot(this.at) as Composition
    const { mode, post, brief, to, urgency, grade, subject, personal: text, persons, reply } = composition
    const [due, date, signatory] = [this.due(), dhakaTime(Date.now()).date, this.#signatory()]
    const fields = $state.snapshot(this.fields)
    if (mode === 'letter') return draftOf(this.letter, this.lines, { ...composition, fields }, due, date)
    if (mode === 'do')
      return personalDraft({ post, subject, text, persons, reply, due, grade, urgency }, { date, signatory })
    const titleOf = (id: string) => {
      const post = this.byId.get(id)
      return post ? knownTitle({ name: (name) => name?.bn ?? '' }, post) : id
    }
    const { supersedes } = composition
    const directing = { post, brief, to, due, urgency, fields, ...(supersedes && { supersedes }) }
    return shortDraft(mode, directing, { below: this.belowIds, titleOf, date, signatory })
  }

  /** Seals, signs and sends; the draft is gone once it stands in the log, or surely will. */
  async issue(progress: (done: number, total: number) => void): Promise<{ id: string; addressees: number }> {
    try {
      const issued = await this.app.client.issue(this.toIssue(), progress)
      this.clear()
      return issued
    } catch (error) {
      if ((error as { code?: string }).code === 'issue_pending') this.clear()
      throw error
    }
  }

  /** Lays the letter before its approvers instead. The outbox id. */
  async layBefore(): Promise<string> {
    const draft = { ...this.toIssue(), composed: $state.snapshot(this.at) }
    const local = await this.app.client.following.layBefore(draft, [...this.approvers], this.at.replaces || undefined)
    this.clear()
    return local
  }

  /** Asks whose approval is wanted. What cannot be asked leaves what was known: the server refuses in the end. */
  async loadRoute(): Promise<void> {
    const { post } = this.at
    const route = await this.app.client.following.route(post).catch(() => null)
    if (route && post === this.at.post) this.route = route
  }

  async #open(): Promise<void> {
    this.at = compositionOf(await this.app.client.draft('issue'), '')
    if (mendIn.id && mendIn.composed) this.at = compositionOf(mendIn.composed, '')
    this.#signed = signedUnder(this.reading)
    if (mendIn.id) {
      this.at.replaces = mendIn.id
      mendIn.id = ''
      this.changed()
    }
    if (supersedeIn.id) {
      this.at.supersedes = supersedeIn.id
      this.at.supersedesSubject = supersedeIn.subject
      supersedeIn.id = ''
      this.changed()
    }
    // Who may issue no letter begins with what he may.
    const letters = this.app.me.posts.some(({ mayIssue }) => mayIssue)
    if (!letters && (this.at.mode === 'letter' || this.at.mode === 'do')) this.at.mode = 'short'
    this.#settlePost()
    await this.#settleCalendar()
    this.ready = true
  }

  /** A post from which it may go, where the one chosen is none. */
  #settlePost(): void {
    const { issuers } = this
    if (!issuers.some(({ id }) => id === this.at.post)) this.at.post = issuers[0]?.id ?? this.at.post
  }

  /** Another charge under the letter means another post, until the person chooses one himself. */
  #followSignature(): void {
    const signed = signedUnder(this.reading)
    if (signed === this.#signed || this.at.mode !== 'letter') return
    this.#signed = signed
    this.at.post = postOfSignature(this.reading.signatory, this.issuers)?.id ?? this.at.post
  }

  async #settleCalendar(): Promise<void> {
    const office = this.byId.get(this.at.post)?.office
    if (office) this.calendar = await this.app.client.calendar(office)
  }

  #signatory(): Signatory {
    const post = this.app.me.posts.find(({ id }) => id === this.at.post)?.name
    const place = post?.place?.bn ?? ''
    const title = post?.title.bn ?? ''
    return {
      name: this.app.me.person.name.bn,
      post: place && !title.includes(place) ? `${title}, ${place}` : title,
      office: post?.office.bn ?? '',
    }
  }
}

function signedUnder({ signatory }: Reading): string {
  return signatory ? (signatory.charge ?? 'regular') : ''
}
