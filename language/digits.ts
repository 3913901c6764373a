/** The two languages of every screen. */
export type Lang = 'bn' | 'en'

const bangla = '০১২৩৪৫৬৭৮৯'

/** Every Latin digit in `text` as a Bangla one; everything else untouched. A number is written plainly, without grouping. */
export function toBangla(text: string | number): string {
  return String(text).replace(/[0-9]/g, (digit) => bangla[Number(digit)]!)
}

/** Every Bangla digit in `text` as a Latin one; everything else untouched. */
export function toLatin(text: string): string {
  return text.replace(/[০-৯]/g, (digit) => String(bangla.indexOf(digit)))
}

/** `text` with the digits of `lang`. */
export function digitsOf(lang: Lang, text: string | number): string {
  return lang === 'bn' ? toBangla(text) : toLatin(String(text))
}

/**
 * A number for reading, grouped the South Asian way in both languages: ১২,৩৪,৫৬,৭৮৯ and 12,34,56,789.
 * At most `decimals` places after the point, rounded half up; anything not finite becomes a dash.
 */
export function formatNumber(lang: Lang, value: number, decimals = 0): string {
  if (!Number.isFinite(value)) return '–'
  const [whole = '0', fraction] = trimmed(Math.abs(value), decimals).split('.')
  const head = whole.slice(0, -3).replace(/\B(?=(\d{2})+$)/g, ',')
  const grouped = head ? `${head},${whole.slice(-3)}` : whole
  const sign = value < 0 && /[1-9]/.test(whole + (fraction ?? '')) ? '-' : ''
  return digitsOf(lang, sign + grouped + (fraction ? `.${fraction}` : ''))
}

/** ৯টি, ৩ জন: a count with its classifier (টি for things, জন for persons). Always Bangla. */
export function count(n: number, unit: 'টি' | 'জন'): string {
  return formatNumber('bn', n) + (unit === 'জন' ? ' জন' : unit)
}

/** File sizes as officials say them: ১৮০ কেবি, ১.২ এমবি; 180 KB, 1.2 MB. A kilobyte is 1,000 bytes. */
export function formatBytes(lang: Lang, bytes: number): string {
  const [unit, size] = bytes >= 999_500 ? (['mb', 1e6] as const) : (['kb', 1e3] as const)
  const value = bytes / size
  const number = unit === 'mb' ? formatNumber(lang, value, value < 10 ? 1 : 0) : formatNumber(lang, Math.max(1, value))
  const names = { bn: { kb: 'কেবি', mb: 'এমবি' }, en: { kb: 'KB', mb: 'MB' } }
  return `${number} ${names[lang][unit]}`
}

// Made once: a formatter made for each number would take nearly all the time a number takes.
const plain = new Intl.NumberFormat('en', { useGrouping: false, maximumFractionDigits: 20 })

function trimmed(value: number, decimals: number): string {
  const scale = 10 ** decimals
  return plain.format(Math.round(value * scale) / scale)
}
