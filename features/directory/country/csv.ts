/** A record of a CSV file, numbered as a spreadsheet numbers it (from 1). A blank line has one empty cell. */
export type CsvRow = { row: number; cells: string[] }

/**
 * Comma-separated text by RFC 4180: quoted cells may hold commas, line breaks and doubled quotation marks. A byte-order
 * mark at the start and any of the three line endings are accepted. Never throws: `badQuotes` names the rows whose
 * quotation marks do not close, or close in the middle of a cell, which are then read as well as they can be.
 */
export function parseCsv(text: string): { rows: CsvRow[]; badQuotes: number[] } {
  const rows: CsvRow[] = []
  const badQuotes = new Set<number>()
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  while (at < text.length) {
    const row = rows.length + 1
    const cells: string[] = []
    for (;;) {
      const cell = text[at] === '"' ? quoted(text, at) : plain(text, at)
      if (!cell.closed) badQuotes.add(row)
      cells.push(cell.value)
      at = cell.end
      if (text[at] !== ',') break
      at += 1
    }
    rows.push({ row, cells })
    if (text[at] === '\r' && text[at + 1] === '\n') at += 1
    at += 1
  }
  return { rows, badQuotes: [...badQuotes] }
}

type Cell = { value: string; end: number; closed: boolean }

function plain(text: string, start: number): Cell {
  let end = start
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end += 1
  const value = text.slice(start, end)
  return { value, end, closed: !value.includes('"') }
}

function quoted(text: string, start: number): Cell {
  let value = ''
  let from = start + 1
  for (;;) {
    const quote = text.indexOf('"', from)
    if (quote === -1) return { value: value + text.slice(from), end: text.length, closed: false }
    value += text.slice(from, quote)
    if (text[quote + 1] === '"') {
      value += '"'
      from = quote + 2
      continue
    }
    const rest = plain(text, quote + 1)
    return { value: value + rest.value, end: rest.end, closed: rest.value.trim() === '' }
  }
}
