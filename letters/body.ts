import type { Clause, Paragraph, ReadWarning } from './letter.ts'
import { cut, joinLines, type Line, spanOf } from './lines.ts'

export type Body = { paragraphs: Paragraph[]; clauses: Clause[]; joined: Line[]; warnings: ReadWarning[] }

/** ২। ০২। ২| ২. and ২.০ before a text: a paragraph of the letter. */
const paragraphStart =
  /^(0?[0-9]{1,2}|[০-৯]{1,2}|[0-9]{1,2}\.0(?=\s)|[০-৯]{1,2}\.০(?=\s))\s?(?:[।|৷]\s?|\.\s|(?<=\.[0০])\s)(?![0-9০-৯])/u
/** (ক) ক) ক. ক। (১) ১) (a) (অ) before a text: a clause. Not ড., which is somebody's title. */
const clauseStart =
  /^(?:\(\s?([ক-হ]|[অ-ঔ]{1,2}|[a-z]|[ivx]{1,4}|[0-9০-৯]{1,2})\s?\)|([ক-হ]|[a-z]|[0-9০-৯]{1,2})\s?\)|([ক-ঠঢ-হ])\s?[.।](?=\s))\s*/u

const sequence = [...'কখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহ']

type Block = { kind: 'paragraph' | 'clause'; label: string; lines: Line[] }

/** Paragraphs and clauses of the lines between the references and the signature, hard wraps undone. */
export function readBody(lines: Line[]): Body {
  const blocks: Block[] = []
  let gap = true
  for (const line of lines) {
    if (line.text === '') {
      gap = true
      continue
    }
    const block = blocks.at(-1)
    const start = startOf(line)
    if (start) blocks.push(start)
    else if (block && !(gap && isFinished(block))) block.lines.push(line)
    else blocks.push({ kind: 'paragraph', label: '', lines: [line] })
    gap = false
  }
  return collect(blocks)
}

/** Whether a line opens a numbered paragraph or a clause. */
export function opensPart({ text }: Line): boolean {
  return paragraphStart.test(text) || clauseStart.test(text)
}

function startOf(line: Line): Block | null {
  const paragraph = paragraphStart.exec(line.text)
  if (paragraph) return { kind: 'paragraph', label: paragraph[1]!, lines: [cut(line, paragraph[0].length)] }
  const clause = clauseStart.exec(line.text)
  if (!clause) return null
  const label = (clause[1] ?? clause[2] ?? clause[3])!
  return { kind: 'clause', label, lines: [cut(line, clause[0].length)] }
}

/** A blank line ends a block only after a full stop of some kind: extracted text has blank lines inside sentences. */
function isFinished({ lines }: Block): boolean {
  return /[।:;?!.’”"')\]]$|–$|-$/u.test(joinLines(lines).text) || joinLines(lines).text === ''
}

function collect(blocks: Block[]): Body {
  const body: Body = { paragraphs: [], clauses: [], joined: [], warnings: [] }
  const labels = new Set<string>()
  let previous = ''
  for (const { kind, label, lines } of blocks) {
    const joined = joinLines(lines)
    const at = spanOf(joined)
    body.joined.push(joined)
    if (kind === 'paragraph') {
      body.paragraphs.push({ label, text: joined.text, at })
      previous = ''
      continue
    }
    const here = sequence.indexOf(label)
    if (here >= 0 && here !== sequence.indexOf(previous) + 1 && !(here === 0 && previous !== ''))
      body.warnings.push({ code: 'clause_order', message: `Clause ${label} after ${previous || 'none'}`, at })
    if (here >= 0) previous = label
    const unique = uniqueLabel(label, body.paragraphs.at(-1)?.label ?? '', labels)
    if (unique !== label) body.warnings.push({ code: 'clause_repeated', message: `Clause ${label} again`, at })
    labels.add(unique)
    body.clauses.push({ label: unique, text: joined.text, after: body.paragraphs.length - 1, at })
  }
  return body
}

/** Clauses are answered by label, so a second (ক) is named after its paragraph: ০৩(ক); failing that, counted. */
function uniqueLabel(label: string, paragraph: string, taken: ReadonlySet<string>): string {
  if (!taken.has(label)) return label
  const inner = `${paragraph}(${label})`
  if (paragraph && !taken.has(inner)) return inner
  let n = 2
  while (taken.has(`${label}/${n}`)) n++
  return `${label}/${n}`
}
