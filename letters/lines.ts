/** A stretch of the letter as it was given: UTF-16 offsets, `end` exclusive. */
export type Span = { start: number; end: number }

/**
 * A line as a reader sees it: without markdown, bullets, tags and invisible marks, its blanks single. Every other
 * character is as written. `at[i]` is the offset of `text[i]` in the letter.
 */
export type Line = { text: string; at: number[] }

const inlineNoise: { pattern: RegExp; keep?: number }[] = [
  { pattern: /\*\*|__(?=[^_])/y },
  { pattern: /\[([^\]\n]{0,300})\]\((?:mailto:|https?:|tel:|\/)[^)\s]{0,500}\)/y, keep: 1 },
  { pattern: /\\(?=[\\*_()[\]#.+!|-])/y },
  { pattern: /<\/?[a-z][a-z0-9]{0,10}(?:\s[^<>\n]{0,200})?\/?>/iy },
  { pattern: /[\r\ufeff\u200b\u200e\u200f\u202a-\u202e\u2060\u00ad]/y },
  // Joiners shape letters; among digits they come from the web.
  { pattern: /(?<=[0-9০-৯.])[\u200c\u200d]|[\u200c\u200d](?=[0-9০-৯])/y },
]

const lead = /^\s*(?:#{1,6}\s+|>\s+|[-*•·●▪]\s+)*/

/** The lines of a text, blank ones included (as empty texts). */
export function toLines(text: string): Line[] {
  const lines: Line[] = []
  let start = 0
  for (const raw of text.split('\n')) {
    lines.push(cleanLine(raw, start))
    start += raw.length + 1
  }
  return lines
}

/** Several lines as one, wraps becoming single blanks. */
export function joinLines(lines: Line[]): Line {
  const joined: Line = { text: '', at: [] }
  for (const line of lines) {
    if (line.text === '') continue
    if (joined.text !== '') {
      joined.at.push(joined.at.at(-1)! + 1)
      joined.text += ' '
    }
    joined.text += line.text
    for (const at of line.at) joined.at.push(at)
  }
  return joined
}

/** The part of a line between two of its own offsets, without blanks at its ends. */
export function cut(line: Line, from = 0, to = line.text.length): Line {
  let [start, end] = [Math.max(0, from), Math.min(line.text.length, to)]
  while (start < end && line.text[start] === ' ') start++
  while (end > start && line.text[end - 1] === ' ') end--
  return { text: line.text.slice(start, end), at: line.at.slice(start, end) }
}

/** Where a line, or the part of it between two of its own offsets, stands in the letter. */
export function spanOf(line: Line, from = 0, to = line.text.length): Span {
  const start = line.at[from]
  const end = line.at[to - 1]
  return start === undefined || end === undefined ? { start: 0, end: 0 } : { start, end: end + 1 }
}

function cleanLine(raw: string, start: number): Line {
  const skip = lead.exec(raw)![0].length
  const chars: string[] = []
  const at: number[] = []
  // An inner link text is read by the same loop: `until` keeps where it ends and where its link ends.
  const links: { until: number; resume: number }[] = []
  let i = skip
  while (i < raw.length) {
    const link = links.at(-1)
    if (link && i >= link.until) {
      i = link.resume
      links.pop()
      continue
    }
    const noise = noiseAt(raw, i)
    if (noise) {
      if (noise.inner) {
        links.push({ until: i + 1 + noise.inner, resume: i + noise.length })
        i += 1
      } else i += noise.length
      continue
    }
    const blank = /\s/.test(raw[i]!)
    if (!blank || (chars.length > 0 && chars.at(-1) !== ' ')) {
      chars.push(blank ? ' ' : raw[i]!)
      at.push(start + i)
    }
    i++
  }
  return cut({ text: chars.join(''), at })
}

function noiseAt(raw: string, at: number): { length: number; inner?: number } | null {
  if (!/[*_[\\<\r\ufeff\u200b-\u200f\u202a-\u202e\u2060\u00ad]/.test(raw[at]!)) return null
  for (const { pattern, keep } of inlineNoise) {
    pattern.lastIndex = at
    const match = pattern.exec(raw)
    if (match) return keep ? { length: match[0].length, inner: match[keep]!.length } : { length: match[0].length }
  }
  return null
}
