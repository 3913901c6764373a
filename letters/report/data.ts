/** What a compliance report (প্রতিপালন প্রতিবেদন) is made from: plain data, so that a page can hand it to a worker. */
import type { Lang } from '../../language/digits.ts'
import type { Field, Values } from '../fields.ts'

/** How far an addressee came, or what it answered; 'sent' while nothing is known of it. */
export const REPORT_STATES = [
  'sent',
  'delivered',
  'opened',
  'acknowledged',
  'done',
  'progress',
  'impossible',
  'notours',
  'kept',
  'problem',
  'vacant',
] as const
export type ReportState = (typeof REPORT_STATES)[number]

/** One addressee. Names as shown; '' for a division, district or upazila where the office lies in none. */
export type ReportRow = {
  division: string
  district: string
  upazila: string
  office: string
  post: string
  state: ReportState
  /** Milliseconds since 1970; null while there is no answer. */
  answeredAt: number | null
  /** Null while there is no answer. An answer that gave no value is an empty map. */
  values: Values | null
}

export type ReportData = {
  lang: Lang
  /** As an official letter begins: the government, the ministry, the office, its section. */
  letterhead: string[]
  /** The directive's number, as printed on it. */
  memo: string
  subject: string
  /** The mark of its grade as worded (গোপনীয়), printed at the head of the report too; '' for none. */
  mark: string
  /** When the directive was issued, YYYY-MM-DD; null where it bears no date. */
  issued: string | null
  /** Milliseconds since 1970. */
  due: number | null
  /** The caller's clock, milliseconds since 1970. */
  madeAt: number
  /** The log as the device that makes the report has proven it: how many entries, its root hash in base64. */
  checkpoint: { size: number; root: string }
  /** Who sends it upward, as under a letter; null leaves room for nobody. */
  maker: { name: string; post: string; office: string } | null
  fields: Field[]
  /** How many of those who answered owe the answer to another clause still. */
  partly: number
  /** In the order of the directory: the report keeps it and never sorts by a score. */
  rows: ReportRow[]
}

/** The kinds of file there are. */
export type ReportKind = 'pdf' | 'csv'

/** Where the making stands. `engine` counts bytes, `font` files, `rows` and `pdf` rows; words: `report.stages`. */
export type ReportStage = { stage: 'engine' | 'font' | 'rows' | 'pdf'; done: number; of: number }
