import { toLatin } from '../../../language/digits.ts'

/** The lengths of a joining code and of a recovery code. */
const lengths = [20, 30]

/** Whether as much stands here as a whole code has. */
export function isWhole(code: string): boolean {
  return lengths.includes(cleanCode(code).length)
}

/** What was typed, pasted or scanned as a joining code, or a link holding one: as it is printed, without its dashes. */
export function cleanCode(typed: string): string {
  const link = /\/join[/#?]+(?:code=)?([^\s/?&]+)/i.exec(typed)
  return toLatin(link ? decoded(link[1]!) : typed)
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0')
}

/** In groups of four, as it is printed: `7K3M-…`. */
export function groupCode(code: string): string {
  return (cleanCode(code).match(/.{1,4}/g) ?? []).join('-')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
