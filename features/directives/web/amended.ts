import type { Part, RowChange } from '../../../client/views.ts'

/** What stood under a label before it was amended, oldest first; `at` is when the newest amendment was made. */
export type Was = { texts: string[]; at: number; gone: boolean }

export type Amended = { parts: Part[]; was: Map<string, Was> }

/**
 * A letter as it stands now, and by label what stood there before. The parts of an amendment stand in place of all those of
 * their label, where the first of them stood; a label the letter did not have joins its own kind, else the end. An empty text
 * takes its part out.
 */
export function amended(parts: readonly Part[], changes: readonly RowChange[]): Amended {
  const was = new Map<string, Was>()
  let now = [...parts]
  for (const change of changes) {
    if (change.kind !== 'amend') continue
    for (const label of new Set(change.parts.map((part) => part.label))) {
      const written = change.parts.filter((part) => part.label === label && part.value !== '')
      const before = now.filter((part) => part.label === label)
      const at = placeFor(label, now)
      const rest = now.slice(at).filter((part) => part.label !== label)
      now = [...now.slice(0, at), ...written, ...rest]
      if (label !== 'fields') note(was, label, before, change.at, written.length === 0)
    }
  }
  return { parts: now, was }
}

/** Labels whose old text the paper itself shows in its place. */
export function isOnPaper(label: string): boolean {
  return label === 'subject' || label.startsWith('paragraph:') || label.startsWith('clause:')
}

function placeFor(label: string, parts: readonly Part[]): number {
  const first = parts.findIndex((part) => part.label === label)
  if (first >= 0) return first
  const kind = `${label.split(':')[0]}:`
  const last = label.includes(':') ? parts.findLastIndex((part) => part.label.startsWith(kind)) : -1
  return last < 0 ? parts.length : last + 1
}

function note(was: Map<string, Was>, label: string, before: readonly Part[], at: number, gone: boolean): void {
  const text = before.flatMap(({ value }) => (typeof value === 'string' ? [value] : [])).join('\n')
  const known = was.get(label)
  was.set(label, { texts: [...(known?.texts ?? []), ...(text ? [text] : [])], at, gone })
}
