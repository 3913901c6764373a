/** Widths of columns, and how many of them fit a sheet. In points of the 8 point type the tables are set in. */
import type { Field } from '../fields.ts'

export type Column = {
  head: string
  /** Points, at least. What is left of the sheet is shared out among those that grow, or among all where none does. */
  width: number
  grows: boolean
  align: 'left' | 'right' | 'center'
}

/** A4 on its side, between its margins of 12 mm. */
const SHEET = 841.9 - 2 * 34
const PADDING = 8
/** Of the type's digits and, on average, of its letters. */
const DIGIT = 4.7
const LETTER = 5.1
const NARROWEST = 42
const WIDEST = 150
const MOST_HEAD_LINES = 5

export const FIXED = {
  serial: { width: 26, align: 'right', grows: false },
  office: { width: 104, align: 'left', grows: false },
  state: { width: 66, align: 'left', grows: false },
  answeredAt: { width: 54, align: 'left', grows: false },
  division: { width: 104, align: 'left', grows: false },
  sent: { width: 42, align: 'right', grows: false },
  answered: { width: 42, align: 'right', grows: false },
  waiting: { width: 42, align: 'right', grows: false },
} as const

/** The column of a field, wide enough for the longest word of its heading and for everything in it that cannot be broken. */
export function columnOf(field: Field, head: string, cells: readonly string[]): Column {
  const text = field.type === 'text'
  return sized(field, head, cells, { least: text ? 110 : NARROWEST, grows: text })
}

/** The same for a column of totals alone: each on one line where it can be. */
export function totalColumnOf(field: Field, head: string, cells: readonly string[]): Column {
  return sized(field, head, cells, { least: NARROWEST, grows: false, whole: true })
}

type Size = { least: number; grows: boolean; whole?: boolean }

function sized(field: Field, head: string, cells: readonly string[], { least, grows, whole = false }: Size): Column {
  const numeric = field.type === 'number' || field.type === 'photo'
  const unbroken = numeric || field.type === 'date'
  let widest = Math.max(longestWord(head), head.length / MOST_HEAD_LINES) * LETTER
  for (const cell of new Set(cells))
    widest = Math.max(widest, unbroken ? cell.length * DIGIT : (whole ? cell.length : longestWord(cell)) * LETTER)
  return {
    head,
    width: Math.min(WIDEST, Math.max(least, widest + PADDING)),
    grows,
    align: numeric ? 'right' : field.type === 'date' ? 'center' : 'left',
  }
}

/**
 * Which columns stand on which sheet, by their places: as many as fit beside the columns that lead each sheet (`first` on the
 * first one), none left out and always at least one sheet.
 */
export function panelsOf(columns: readonly Column[], first: readonly Column[], others: readonly Column[]): number[][] {
  const widthOf = (all: readonly Column[]) => all.reduce((sum, { width }) => sum + width, 0)
  const panels: number[][] = [[]]
  let room = SHEET - widthOf(first)
  columns.forEach(({ width }, i) => {
    if (width > room && panels.at(-1)!.length > 0) {
      panels.push([])
      room = SHEET - widthOf(others)
    }
    panels.at(-1)!.push(i)
    room -= width
  })
  return panels
}

/** Signs that stand above or below a letter take no room of their own. */
function longestWord(text: string): number {
  return text
    .split(/[ \n\u200b/-]+/)
    .reduce((longest, word) => Math.max(longest, word.replace(/\p{Mn}/gu, '').length), 0)
}
