/** Figures as a table, and whether they are what was wanted. */

export type Row = {
  name: string
  value: number
  unit: string
  /** Measured in the same run, on the same machine. */
  reference?: { name: string; value: number }
  /** value / reference, unless given. */
  ratio?: number
  /** '≥ 0.5', '≤ 60': about the ratio where there is a reference, else about the value. Other words are shown only. */
  wanted: string
}

/** True or false as the row meets what it wanted; undefined where that is words. */
export function judge(row: Row): boolean | undefined {
  const [, sign, bound] = /^\s*([≥≤])\s*([\d.]+)/.exec(row.wanted) ?? []
  if (!sign) return undefined
  const figure = ratioOf(row) ?? row.value
  return sign === '≥' ? figure >= Number(bound) : figure <= Number(bound)
}

export function ratioOf({ value, reference, ratio }: Row): number | undefined {
  return ratio ?? (reference && value / reference.value)
}

export function table(rows: Row[]): string {
  const cells = rows.map((row) => {
    const ratio = ratioOf(row)
    const met = judge(row)
    return [
      row.name,
      `${figure(row.value)} ${row.unit}`,
      row.reference ? `${row.reference.name} ${figure(row.reference.value)}` : '',
      ratio === undefined ? '' : ratio.toFixed(2),
      row.wanted,
      met === undefined ? '' : met ? 'met' : 'MISSED',
    ]
  })
  const all = [['figure', 'measured', 'reference', 'ratio', 'wanted', ''], ...cells]
  const widths = all[0]!.map((_, column) => Math.max(...all.map((line) => line[column]!.length)))
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}
