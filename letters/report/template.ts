/**
 * The drawing of the report in Typst. It reads two files, the sheet as JSON and the table of values, and holds no text of its
 * own: what people wrote reaches it only as strings, which Typst never reads as markup.
 */
export const SHEET_FILE = '/sheet.json'
export const CSV_FILE = '/report.csv'

export const TEMPLATE = `
#let d = json("/sheet.json")
#set document(title: d.title, author: d.author, date: datetime(year: d.date.at(0), month: d.date.at(1), day: d.date.at(2)))
#pdf.attach("/report.csv", relationship: "data", mime-type: "text/csv")

#let digits(n) = str(n).clusters().map(c => d.digits.at(int(c))).join()
#let grey = luma(110)
#let rule = 0.4pt + luma(150)
#let shade = (head: luma(228), division: luma(238), district: luma(247), total: luma(247))

#set page(
  paper: "a4",
  flipped: true,
  margin: (x: 12mm, top: 12mm, bottom: 15mm),
  header: if d.mark != "" { align(center, text(size: 8pt, weight: 600, d.mark)) },
  footer: context {
    set text(size: 7pt, fill: grey)
    let page = d.page.replace("{n}", digits(counter(page).get().first())).replace("{all}", digits(counter(page).final().first()))
    grid(columns: (1fr, auto), column-gutter: 8pt,
      d.footer.join("  ·  "),
      text(size: 8pt, fill: black, page))
  },
)
#set text(font: "Noto Sans Bengali", size: 9pt, lang: d.lang, hyphenate: false)
#set par(leading: 0.5em, spacing: 0.7em, justify: false)
#show heading: it => block(above: 12pt, below: 7pt, sticky: true, text(size: 10pt, weight: 600, it.body))

#let aligned = (left: left, right: right, center: center)
#let widths(columns) = {
  let grows = columns.any(c => c.grows)
  columns.map(c => if grows and not c.grows { c.width * 1pt } else { c.width * 1fr })
}
#let aligns(columns) = columns.map(c => aligned.at(c.align) + top)
#let heads(columns) = columns.map(c => table.cell(fill: shade.head, align: center + horizon, strong(c.head)))
#let total(line, fill: shade.total) = line.map(text => table.cell(fill: fill, strong(text)))
#let band(n, name, note, fill) = table.cell(colspan: n, fill: fill, align: left)[#strong(name)#if note != "" [#h(8pt)#text(fill: grey, note)]]

#set table(stroke: rule, inset: (x: 3pt, y: 1.6pt))
#show table: set text(size: 8pt, top-edge: 0.86em, bottom-edge: -0.28em)
#show table: set par(leading: 0.1em)
#show strong: set text(weight: 600)

#align(center, {
  for (i, line) in d.letterhead.enumerate() {
    block(spacing: 7pt, text(size: if i == 0 { 12pt } else { 10pt }, weight: if i == 0 { 600 } else { 400 }, line))
  }
})
#grid(columns: (1fr, auto, 1fr), align: (left, center + bottom, right + bottom),
  [],
  text(size: 12pt, weight: 600, underline(offset: 3.5pt, d.title)),
  grid(columns: 2, column-gutter: 4pt, align: horizon,
    d.dateLabel + ":",
    stack(spacing: 4pt, align(center, d.dates.at(0)), line(length: 90pt, stroke: 0.4pt), align(center, d.dates.at(1)))))
#v(5pt)
#grid(columns: (auto, 1fr), column-gutter: 6pt, row-gutter: 7pt,
  ..d.facts.map(f => (text(weight: 600, f.at(0) + ":"), f.at(1))).flatten())
#v(4pt)
#grid(columns: d.figures.map(f => 1fr), stroke: rule, inset: 5pt, align: center,
  ..d.figures.map(f => stack(spacing: 4pt, text(size: 13pt, weight: 600, f.at(1)), text(size: 8pt, f.at(0)))))

#heading(level: 1, d.summary.title)
#for t in d.summary.tables {
  table(columns: widths(t.columns), align: aligns(t.columns),
    table.header(..heads(t.columns)),
    ..t.rows.flatten(),
    ..total(t.total))
}
#block(breakable: false, grid(columns: (1fr, auto), column-gutter: 24pt,
  for note in d.notes { block(spacing: 5pt, text(size: 8pt, fill: grey, note)) },
  if d.maker.len() > 0 { block(above: 0pt, inset: (top: 34pt), align(center, stack(spacing: 6pt, ..d.maker))) }))

// A total never stands alone on a page: a column of no width holds it to the row above it, by a cell that may not be broken.
#let held(rows) = table.cell(rowspan: rows, breakable: false, inset: 0pt)[]
#let label(line, fill) = (table.cell(colspan: 2, fill: fill, align: left, strong(line.first())), ..total(line.slice(1), fill: fill))

#for t in d.detail {
  pagebreak()
  heading(level: 1, t.title)
  let n = t.columns.len() + 1
  let blocks = ()
  for (i, division) in t.divisions.enumerate() {
    blocks.push(table.header(level: 2, band(n, division.name, division.note, shade.division)))
    for (j, district) in division.districts.enumerate() {
      let named = district.name != ""
      let last = j == division.districts.len() - 1
      let totals = int(named) + int(last) + int(last and i == t.divisions.len() - 1)
      if named { blocks.push(table.header(level: 3, band(n, district.name, district.note, shade.district))) }
      blocks += district.rows.slice(0, -1).map(row => (..row, [])).flatten()
      blocks += (..district.rows.last(), held(1 + totals))
      if named { blocks += label(district.total, shade.total) }
    }
    blocks += label(division.total, shade.division)
  }
  if t.divisions.len() > 0 { blocks += label(t.total, shade.head) } else { blocks += (..label(t.total, shade.head), []) }
  table(columns: (..widths(t.columns), 0pt), align: (..aligns(t.columns), left),
    table.header(level: 1, ..heads(t.columns), table.cell(fill: shade.head, inset: 0pt)[]),
    ..blocks)
}

#heading(level: 1, d.silent.title)
#if d.silent.divisions.len() == 0 [#d.silent.none] else {
  table(columns: (110pt, 44pt, 1fr), align: (left, right, left),
    table.header(level: 1, ..d.silent.heads.map(h => table.cell(fill: shade.head, align: center, strong(h)))),
    ..d.silent.divisions.map(division => (
      table.header(level: 2, band(3, division.name, "", shade.division)),
      ..division.rows.flatten())).flatten())
}
`
