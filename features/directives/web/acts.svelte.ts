import type { Live } from '../../../web/shell/live.svelte.ts'

/** Acts just given to the outbox: taken back together while the client still allows it. */
class JustDone {
  ids: string[] = $state.raw([])
  /** `directive post` they concern. */
  on = $state('')

  say(on: string, ids: string[]): void {
    this.on = on
    this.ids = ids
  }

  /** Until when they can be taken back; 0 when they have left or there are none. */
  undoUntil(app: Live): number {
    const waiting = app.outbox.filter(({ id }) => this.ids.includes(id))
    return Math.max(0, ...waiting.map(({ undoUntil }) => undoUntil ?? 0))
  }

  async undo(app: Live): Promise<boolean> {
    const taken = await Promise.all(this.ids.map((id) => app.client.undo(id)))
    this.ids = []
    return taken.every(Boolean)
  }
}

export const justDone = new JustDone()
