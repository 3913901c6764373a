import type { Name, PostName } from '../client/views.ts'
import type { Lang } from '../language/digits.ts'

/** A name in this language, or in the other where it has none. */
export function nameOf({ bn, en }: Name, lang: Lang): string {
  return lang === 'en' ? en || bn : bn || en
}

/** A post with its office: "উপসচিব, জনপ্রশাসন মন্ত্রণালয়". */
export function postOf({ title, office }: PostName, lang: Lang): string {
  return [title, office]
    .map((name) => nameOf(name, lang))
    .filter(Boolean)
    .join(', ')
}
