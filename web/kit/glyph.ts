/** Where a directive stands: a filling circle, or one of the signs for what will not fill. */
export type GlyphState =
  | 'queued'
  | 'sent'
  | 'delivered'
  | 'opened'
  | 'acknowledged'
  | 'complied'
  | 'notOurs'
  | 'impossible'
  | 'vacant'
