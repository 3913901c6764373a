/** The directive that the letter being composed takes the place of; '' for none. Kept with the draft once the draft opens. */
export const supersedeIn = $state({ id: '', subject: '' })

/** A returned draft that is to be mended, as it was composed; taken up once, when the composer opens. */
export const mendIn: { id: string; composed: unknown } = { id: '', composed: null }
