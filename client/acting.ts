import { Refusal } from '../core/refusal.ts'
import type { Device } from './device.ts'
import type { Reading } from './reading.ts'
import type { Session } from './session.ts'
import type { Answering, IssueDraft } from './views.ts'

type Needs = {
  device: Device
  session: Session
  reading: Reading /** How long an act can be taken back. */
  undoFor: number
}

/** What a person does with directives. Everything goes through the outbox. */
export class Acting {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  async shown(id: string, post: string): Promise<void> {
    const { outbox, proven } = this.#needs.device
    if (this.#needs.device.locker.locked || this.#needs.reading.row(id, post).role !== 'addressed') return
    if (proven.state.directives.thread(id, post).receipt !== null) return
    if (outbox.has('open', id, post) || outbox.has('acknowledge', id, post)) return
    await outbox.add({ what: 'open', directive: id, post }, this.#needs.reading.row(id, post).subject)
    this.#needs.session.flushSoon(0)
  }

  async acknowledge(id: string, post: string): Promise<string> {
    const { outbox, proven } = this.#needs.device
    const row = this.#needs.reading.readable(id, post)
    const done = proven.state.directives.thread(id, post).receipt === 'acknowledged'
    if (done || outbox.has('acknowledge', id, post)) throw new Refusal('already_done', 'Acknowledged already')
    const local = await outbox.add({ what: 'acknowledge', directive: id, post }, row.subject, this.#needs.undoFor)
    this.#needs.session.flushSoon(this.#needs.undoFor)
    return local
  }

  async answer(answering: Answering): Promise<string> {
    const { outbox } = this.#needs.device
    const title = this.#needs.reading.readable(answering.directive, answering.post).subject
    const local = await outbox.add({ what: 'answer', ...answering }, title, this.#needs.undoFor)
    this.#needs.session.flushSoon(this.#needs.undoFor)
    return local
  }

  /**
   * Seals, signs and places a letter at once; needs a connection. Throws what refused it, the letter then not being issued. Where it
   * stands in the outbox and goes by itself, once: `issue_pending` where the answer was lost on the way, `disk_full` or another
   * trouble of the server's own where it takes nothing now.
   */
  async issue(
    draft: IssueDraft,
    progress: (done: number, total: number) => void,
  ): Promise<{ id: string; index: number; addressees: number }> {
    const { outbox } = this.#needs.device
    const empty = draft.lines.find((line) => line.selectors.length === 0 && line.purpose !== 2)
    if (empty && draft.lines.every((line) => line.selectors.length === 0)) {
      throw new Refusal('unresolved_line', 'No line means anybody', { line: empty.n })
    }
    await this.#needs.session.sync()
    const local = await outbox.add({ what: 'issue', post: draft.post, draft }, draft.summary.subject)
    await this.#needs.session.flush(progress).catch((error) => {
      // What fails behind the acceptance does not undo it: the letter is brought back by the next round.
      if (!outbox.issued.has(local)) throw error
      this.#needs.session.flushSoon(0)
    })
    const sent = outbox.issued.get(local)
    if (sent) {
      const count = sent.header.fields.get(4)
      return { id: sent.id, index: sent.index, addressees: typeof count === 'number' ? count : 0 }
    }
    const entry = outbox.entries().find((one) => one.id === local)
    if (entry?.state === 'attention') {
      await outbox.discard(local)
      throw new Refusal(entry.code ?? 'internal', 'The letter was refused', entry.details)
    }
    if (await outbox.undo(local)) throw new Refusal('offline', 'No connection; nothing was issued')
    const code = outbox.putOff.get(local)
    if (code) throw new Refusal(code, 'The server takes nothing now; the letter goes when it does', { outbox: local })
    throw new Refusal('issue_pending', 'Sent, and not answered yet', { outbox: local })
  }

  async cancel(id: string, reason: string): Promise<string> {
    const post = this.#needs.reading.issuerOf(id)
    const title = this.#needs.reading.row(id, post).subject
    const local = await this.#needs.device.outbox.add(
      { what: 'cancel', directive: id, post, reason },
      title,
      this.#needs.undoFor,
    )
    this.#needs.session.flushSoon(this.#needs.undoFor)
    return local
  }

  /** Says that `successor`, issued already by the same post, stands in place of `id`. */
  async supersede(id: string, successor: string, reason: string): Promise<string> {
    const post = this.#needs.reading.issuerOf(id)
    const title = this.#needs.reading.row(id, post).subject
    const draft = { what: 'supersede' as const, directive: id, post, successor, reason }
    const local = await this.#needs.device.outbox.add(draft, title, this.#needs.undoFor)
    this.#needs.session.flushSoon(this.#needs.undoFor)
    return local
  }
}
