/** How a text becomes short messages (3GPP TS 23.038, 23.040): what is counted is what is paid. */

export type SmsParts = {
  /** GSM-7 holds Latin only; one letter outside it makes the whole message UCS-2. */
  alphabet: 'gsm7' | 'ucs2'
  parts: string[]
}

const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** Behind an escape: two septets each. */
const EXTENDED = new Set('\f^{}\\[~]|€')

const LIMITS = { gsm7: { alone: 160, each: 153 }, ucs2: { alone: 70, each: 67 } } as const

/**
 * The parts a text is sent in: one of up to 160 (GSM-7) or 70 (UCS-2) units, else several of 153 or 67. No part ends within a
 * surrogate pair or an escape.
 */
export function smsParts(text: string): SmsParts {
  const characters = [...text]
  const alphabet = characters.every((one) => BASIC.has(one) || EXTENDED.has(one)) ? 'gsm7' : 'ucs2'
  const size = (one: string) => (alphabet === 'ucs2' ? one.length : EXTENDED.has(one) ? 2 : 1)
  const { alone, each } = LIMITS[alphabet]
  const total = characters.reduce((sum, one) => sum + size(one), 0)
  if (total <= alone) return { alphabet, parts: [text] }
  const parts: string[] = []
  let part = ''
  let used = 0
  for (const one of characters) {
    if (used + size(one) > each) {
      parts.push(part)
      part = ''
      used = 0
    }
    part += one
    used += size(one)
  }
  parts.push(part)
  return { alphabet, parts }
}

/** What a text costs, where a part costs `perPart`. */
export function smsPrice(text: string, perPart: number): number {
  return smsParts(text).parts.length * perPart
}
