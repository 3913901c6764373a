import type { DirectiveDetail, DirectiveRow } from '../../../client/views.ts'
import type { Live } from '../../../web/shell/live.svelte.ts'
import { amended } from './amended.ts'
import { fieldsIn } from './asked-fields.ts'

/** The letter a board is about, as it stands now: opened once, and again when something of it changed. */
export class BoardLetter {
  detail: DirectiveDetail | null = $state.raw(null)
  parts = $derived(this.detail?.parts ? amended(this.detail.parts, this.detail.changes).parts : [])
  fields = $derived(fieldsIn(this.parts))

  constructor(app: Live, row: () => DirectiveRow | undefined) {
    const stamp = $derived([row()?.id, row()?.post, row()?.changes.length, row()?.unreadable].join(' '))
    $effect(() => {
      void stamp
      const here = row()
      if (!here || here.unreadable) return
      // Without it the board shows everything but what the letter asks for.
      app.client.open(here.id, here.post).then(
        (detail) => (this.detail = detail),
        () => {},
      )
    })
  }
}
