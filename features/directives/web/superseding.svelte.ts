/** The directive that the letter being composed takes the place of; '' for none. Kept with the draft once the draft opens. */
export const supersedeIn = $state({ id: '', subject: '' })
