import type { Lang } from '../language/digits.ts'
import { type Field, fieldsFromCbor, type Values } from '../letters/fields.ts'
import type { ReportData, ReportRow, ReportState } from '../letters/report/data.ts'
import type { GatheredRow } from './gather.ts'
import { textOf } from './rows.ts'
import type { DirectiveDetail, Name, PostName, Proof } from './views.ts'
import { weightiest } from './weightiest.ts'

type Said = {
  lang: Lang
  /** Opened: with its parts. */
  detail: DirectiveDetail
  rows: readonly GatheredRow[]
  maker: { person: Name; post: PostName } | null
  /** The grade as worded; '' for none. */
  mark: string
  checkpoint: Pick<Proof, 'size' | 'root'>
  madeAt: number
}

/** The compliance report of a directive, out of what this device opened. Names in the language of the report. */
export function reportOf({ lang, detail, rows, maker, mark, checkpoint, madeAt }: Said): ReportData {
  const parts = detail.parts ?? []
  const text = (label: string) => textOf(parts as never, label)
  return {
    lang,
    letterhead: parts.flatMap(({ label, value }) =>
      label === 'letterhead' && typeof value === 'string' ? [value] : [],
    ),
    memo: detail.memo || text('memo'),
    subject: detail.subject,
    mark,
    issued: text('date') || null,
    due: detail.due,
    madeAt,
    checkpoint,
    maker: maker && { name: maker.person[lang], post: maker.post.title[lang], office: maker.post.office[lang] },
    fields: fieldsOf(parts),
    partly: rows.filter(({ answer, clauses }) => answer && clauses.some(isOwed)).length,
    rows: rows.map((row) => rowOf(row, lang)),
  }
}

/** What a letter asks to be filled in; nothing where it asks nothing, or nothing that can be read. */
export function fieldsOf(parts: readonly { label: string; value: unknown }[]): Field[] {
  const part = parts.find(({ label }) => label === 'fields')
  if (!part) return []
  try {
    return fieldsFromCbor(part.value as Parameters<typeof fieldsFromCbor>[0])
  } catch {
    return [] // written by a client that knows more than this one: the letter is shown all the same
  }
}

function rowOf(row: GatheredRow, lang: Lang): ReportRow {
  const { answer } = row
  const values: Values | null = answer ? new Map(Object.entries(answer.values ?? {})) : null
  return {
    division: row.division[lang],
    district: row.district[lang],
    upazila: row.upazila[lang],
    office: row.office?.[lang] ?? '',
    post: row.name?.[lang] ?? '',
    state: stateOf(row),
    answeredAt: answer?.accepted ?? null,
    values,
  }
}

function stateOf(row: GatheredRow): ReportState {
  const { answer, vacant, acknowledged, opened, delivered } = row
  if (answer) return answeredState(row.clauses) ?? answer.state
  if (vacant) return 'vacant'
  if (acknowledged !== null) return 'acknowledged'
  if (opened !== null) return 'opened'
  return delivered !== null ? 'delivered' : 'sent'
}

function isOwed({ ask, state }: GatheredRow['clauses'][number]): boolean {
  return (ask === 'once' || ask === 'standing') && state === null
}

/** One word for all clauses that ask for an answer; null where none does. A clause not answered yet is work in progress. */
function answeredState(clauses: GatheredRow['clauses']): ReportState | null {
  const states = clauses.flatMap(({ ask, state }) =>
    ask === 'once' || ask === 'standing' ? [state ?? ('progress' as const)] : [],
  )
  return weightiest(states)
}
