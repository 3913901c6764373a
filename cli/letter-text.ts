import { formatBanglaDate, formatDate } from '../language/calendar.ts'
import type { Lang } from '../language/digits.ts'
import { say } from '../language/words.ts'
import { bodyInOrder, type Letter, type Reading, type ReadWarning } from '../letters/letter.ts'
import { type ResolvedLine, sayRemark } from '../letters/resolve.ts'
import { sayWarning } from './letter-json.ts'

/**
 * A letter for a person at a terminal: what was noticed and what was not found where it was read just now, and `lines` where it was
 * resolved. Of one that was issued only what stands in it.
 */
export function letterText(
  letter: Letter & Partial<Pick<Reading, 'warnings'>>,
  lang: Lang,
  lines: readonly ResolvedLine[] = [],
): string {
  const { memo, date, banglaDate, subject, signatory, byOrderOf, distribution, warnings } = letter
  const none = say(lang, 'cli.letter.none')
  const facts: [string, string][] = [
    [say(lang, 'cli.letter.memo'), memo.raw || none],
    [say(lang, 'cli.letter.date'), date ? formatDate(lang, date) : none],
    [say(lang, 'cli.letter.banglaDate'), banglaDate ? formatBanglaDate(banglaDate, lang) : none],
    [say(lang, 'cli.letter.subject'), subject || none],
    [
      say(lang, 'cli.letter.signatory'),
      signatory ? [signatory.name, signatory.post, signatory.charge].filter(Boolean).join(', ') : none,
    ],
    [say(lang, 'cli.letter.byOrderOf'), byOrderOf?.text ?? none],
  ]
  const body = bodyInOrder(letter).map(
    ({ kind, part }) => `${kind === 'clause' ? '  ' : ''}${part.label ? `${part.label}) ` : ''}${part.text}`,
  )
  const [list, copies] = [distribution, letter.copies?.lines ?? []].map((part, second) =>
    part.map(({ n, text }, i) =>
      [`${n}) ${text}`, ...remarks(lines[second ? distribution.length + i : i], lang)].join('\n'),
    ),
  ) as [string[], string[]]
  const known = warnings ? facts : facts.filter(([, value]) => value !== none)
  return [
    ...known.map(([name, value]) => `${name}: ${value}`),
    ...section('', body),
    ...(warnings || list.length > 0 ? section(say(lang, 'cli.letter.distribution'), list) : []),
    ...(copies.length > 0 ? section(say(lang, 'letter.parts.copies'), copies) : []),
    ...(warnings ? noticed(warnings, lang) : []),
  ].join('\n')
}

function noticed(warnings: readonly ReadWarning[], lang: Lang): string[] {
  return section(
    warnings.length > 0 ? say(lang, 'cli.letter.warnings') : say(lang, 'cli.letter.noWarnings'),
    warnings.map((warning) => `  ${sayWarning(lang, warning)}`),
  )
}

function section(title: string, lines: string[]): string[] {
  return ['', ...(title ? [title] : []), ...lines]
}

function remarks(line: ResolvedLine | undefined, lang: Lang): string[] {
  if (!line) return []
  const { unresolved, unsure = [], posts } = line
  const found = unresolved ? `→ ${sayRemark(lang, unresolved)}` : say(lang, 'cli.letter.toPosts', { n: posts })
  return [found, ...unsure.map((remark) => sayRemark(lang, remark))].map((remark) => `   ${remark}`)
}
