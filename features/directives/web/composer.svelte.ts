import { banglaDate, formatBanglaDate } from '../../../language/calendar.ts'
import { dhakaTime, fromDhaka } from '../../../language/time.ts'
import type { Letter, Reading } from '../../../letters/letter.ts'
import { readLetter } from '../../../letters/read.ts'
import type { KnownPost } from '../../../letters/resolve.ts'
import { typeset } from '../../../letters/typeset.ts'
import type { Live } from '../../../web/shell/live.svelte.ts'
import {
  asksOf,
  blocksOf,
  type Composition,
  compositionOf,
  draftOf,
  emptyComposition,
  type LineFix,
  linesOf,
  mended,
  reachOf,
  shortLetter,
} from './composing.ts'
import { Draft } from './draft.svelte.ts'
import { type MarkKey, marksOf, segmentsOf } from './marks.ts'
import { workdaysOn } from './sections.ts'
import { supersedeIn } from './superseding.svelte.ts'

/** A letter on its way to being issued: what was typed, what was understood of it, and what a person decided about it. */
export class Composer {
  readonly app: Live
  readonly draft: Draft
  at: Composition = $state(emptyComposition(''))
  names: KnownPost[] = $state.raw([])
  namesFailed = $state('')
  ready = $state(false)
  /** The part looked at on either side of the paper. */
  chosen: MarkKey | null = $state(null)

  reading: Reading = $derived.by(() => readLetter(this.at.mode === 'letter' ? this.at.text : ''))
  letter: Letter = $derived.by(() => (this.at.mode === 'letter' ? mended(this.reading, this.at.fixes) : this.#short()))
  segments = $derived.by(() => segmentsOf(this.at.text, marksOf(this.reading), this.reading.warnings))
  blocks = $derived.by(() => typeset(this.letter))
  lines = $derived.by(() => linesOf(this.letter, this.at, this.names))
  reach = $derived.by(() => reachOf(this.lines, this.names))
  asks = $derived.by(() => asksOf(this.letter, this.at))
  blocked = $derived.by(() => blocksOf(this.letter, this.lines))
  byId = $derived.by(() => new Map(this.names.map((post) => [post.id, post])))

  constructor(app: Live) {
    this.app = app
    this.draft = new Draft(app.client, 'issue')
    void this.#open()
    void this.loadNames()
  }

  get issuers() {
    return this.app.me.posts.filter(({ mayIssue }) => mayIssue)
  }

  /** The last moment of the day it is due, or null. */
  due(now = Date.now()): number | null {
    const { due } = this.at
    if (due.kind === 'none') return null
    if (due.kind === 'date') return due.date ? fromDhaka(due.date, 17) : null
    return workdaysOn(now, { today: 0, three: 3, seven: 7 }[due.kind])
  }

  async loadNames(): Promise<void> {
    this.namesFailed = ''
    try {
      this.names = await this.app.client.names()
    } catch (error) {
      this.namesFailed = (error as { code?: string }).code ?? 'load_failed'
    }
  }

  /** Says that something was changed by hand: the draft is kept after a pause. */
  changed(): void {
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
    this.at = emptyComposition(this.issuers[0]?.id ?? '')
    this.draft.forget()
  }

  /** Seals, signs and sends; the draft is gone once it stands in the log, or surely will. */
  async issue(progress: (done: number, total: number) => void): Promise<{ id: string; addressees: number }> {
    const composition = $state.snapshot(this.at) as Composition
    const today = dhakaTime(Date.now()).date
    const draft = draftOf(this.letter, this.lines, composition, this.due(), today)
    try {
      const issued = await this.app.client.issue(draft, progress)
      this.clear()
      return issued
    } catch (error) {
      if ((error as { code?: string }).code === 'issue_pending') this.clear()
      throw error
    }
  }

  async #open(): Promise<void> {
    const first = this.issuers[0]?.id ?? ''
    this.at = compositionOf(await this.app.client.draft('issue'), first)
    if (!this.issuers.some(({ id }) => id === this.at.post)) this.at.post = first
    if (supersedeIn.id) {
      this.at.supersedes = supersedeIn.id
      this.at.supersedesSubject = supersedeIn.subject
      supersedeIn.id = ''
      this.changed()
    }
    this.ready = true
  }

  #short(): Letter {
    const post = this.issuers.find(({ id }) => id === this.at.post)?.name
    const signatory = { name: this.app.me.person.name.bn, post: post?.title.bn ?? '', office: post?.office.bn ?? '' }
    return shortLetter(this.at.text, dhakaTime(Date.now()).date, signatory)
  }
}
