import type { Lang } from '../language/digits.ts'
import { sayIfKnown } from '../language/words.ts'
import type { DistributionLine, Reading, ReadWarning } from '../letters/letter.ts'

/** What `letter read --json` prints. What the letter does not say is null; offsets are left out. */
export function letterJson(reading: Reading, lang: Lang) {
  const { memo, date, banglaDate, subject, clauses, paragraphs, signatory, byOrderOf, warnings } = reading
  const copies = reading.copies?.lines ?? []
  const { raw, file, groups, issue, form } = memo
  return {
    memo: { raw, file, groups, issue, form },
    date: date ?? null,
    banglaDate: banglaDate ?? null,
    subject,
    clauses: clauses.map(({ label, text }) => ({ label, text })),
    paragraphs: paragraphs.map(({ label, text }) => ({ label, text })),
    signatory: signatory
      ? {
          name: signatory.name,
          post: signatory.post,
          charge: signatory.charge ?? null,
          phone: signatory.phone ?? null,
          email: signatory.email ?? null,
        }
      : null,
    byOrderOf: byOrderOf?.text ?? null,
    distribution: reading.distribution.map(lineJson),
    // Only of a letter that has them: they are addressees like those above, and are issued to.
    ...(copies.length > 0 && { copies: copies.map(lineJson) }),
    warnings: warnings.map((warning) => ({ code: warning.code, message: sayWarning(lang, warning) })),
  }
}

function lineJson({ n, text, purpose }: DistributionLine) {
  return { n, text, purpose: purpose ?? null }
}

/** A remark of the reader as a sentence. */
export function sayWarning(lang: Lang, { code, message, params }: ReadWarning): string {
  return sayIfKnown(lang, `letter.warnings.${code}`, params) ?? message
}
