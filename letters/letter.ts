import type { BanglaDate } from '../language/calendar.ts'
import type { Span } from './lines.ts'
import type { Memo } from './memo.ts'

export type { Span } from './lines.ts'

/** The kinds of Secretariat Instructions 2024, instruction 136; worded under `letter.kinds`. */
export const letterKinds = [
  'letter',
  'memorandum',
  'order',
  'circular',
  'demiOfficial',
  'unofficialNote',
  'endorsement',
  'notification',
  'resolution',
  'pressNote',
  'digital',
  'notice',
] as const
export type LetterKind = (typeof letterKinds)[number]

/** `label` is the number as written (০২), or '' for an unnumbered paragraph. `at` is absent unless just read. */
export type Paragraph = { label: string; text: string; at?: Span }

/** `label` is unique in the letter (ক; ০৩(ক) for a second list); `after` is the index of the paragraph it stands under, -1 for none. */
export type Clause = { label: string; text: string; after: number; at?: Span }

/** A line of the distribution, its text whole; `purpose` is the remark at its end, which `text` still contains. */
export type DistributionLine = { n: string; text: string; purpose?: string; at?: Span }

export type Signatory = {
  name: string
  post: string
  /** অতিরিক্ত দায়িত্ব and the like, without its brackets. */
  charge?: string
  office?: string
  phone?: string
  email?: string
}

/** By whose order the signatory signs, as the text says; `text` is the whole phrase. */
export type ByOrderOf = { text: string; post: string; office?: string }

/** The block of copies: its own number and date, its lines. */
export type Copies = { memo?: Memo; date?: string; banglaDate?: BanglaDate; lines: DistributionLine[] }

/** An official letter. Absent means the text did not say, never that it was guessed. */
export type Letter = {
  kind?: LetterKind
  letterhead: string[]
  memo: Memo
  /** YYYY-MM-DD */
  date?: string
  banglaDate?: BanglaDate
  subject: string
  references: string[]
  paragraphs: Paragraph[]
  clauses: Clause[]
  signatory?: Signatory
  byOrderOf?: ByOrderOf
  distribution: DistributionLine[]
  copies?: Copies
  /** Lines that belong to no part known here (enclosures, remarks), in order: nothing is dropped unsaid. */
  others: string[]
}

/** Something a person should look at. `code` is worded under `letter.warnings` with `params`; `message` is for logs. */
export type ReadWarning = { code: string; message: string; at?: Span; params?: Record<string, string> }

export type SpanName =
  | 'kind'
  | 'memo'
  | 'date'
  | 'banglaDate'
  | 'subject'
  | 'name'
  | 'post'
  | 'charge'
  | 'phone'
  | 'email'
  | 'byOrderOf'

/** A letter with what its reading noticed, and where in the given text each field stands. */
export type Reading = Letter & { warnings: ReadWarning[]; spans: Partial<Record<SpanName, Span>> }

/** Paragraphs and clauses in the order they were written. */
export function bodyInOrder(
  letter: Pick<Letter, 'paragraphs' | 'clauses'>,
): ({ kind: 'paragraph'; part: Paragraph } | { kind: 'clause'; part: Clause })[] {
  const under = (index: number) =>
    letter.clauses.filter(({ after }) => after === index).map((part) => ({ kind: 'clause' as const, part }))
  return [...under(-1), ...letter.paragraphs.flatMap((part, i) => [{ kind: 'paragraph' as const, part }, ...under(i)])]
}
