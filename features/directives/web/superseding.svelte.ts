import type { Router } from '../../../web/shell/router.svelte.ts'

/** The directive that the letter being composed takes the place of; '' for none. Kept with the draft once the draft opens. */
export const supersedeIn = $state({ id: '', subject: '' })

/** Opens the composer for a letter in the place of this one. */
export function composeInstead({ id, subject }: { id: string; subject: string }, router: Router): void {
  supersedeIn.id = id
  supersedeIn.subject = subject
  router.go({ at: 'issue', step: 'letter' })
}

/** A draft, returned or taken back, that is to be mended, as it was composed; taken up once, when the composer opens. */
export const mendIn: { id: string; composed: unknown } = { id: '', composed: null }
