import type { Prefs } from '../../../web/shell/prefs.svelte.ts'

/** দফা গ, অনুচ্ছেদ ০২, বিষয়: a part of a letter by its label. */
export function partName({ say }: Pick<Prefs, 'say'>, part: string): string {
  const [kind = '', label = ''] = part.split(/:(.*)/s)
  if (kind === 'clause') return say('tracking.amend.parts.clause', { label })
  if (kind === 'paragraph')
    return label ? say('tracking.amend.parts.paragraph', { label }) : say('tracking.amend.parts.plainParagraph')
  return say('tracking.amend.parts.subject')
}
