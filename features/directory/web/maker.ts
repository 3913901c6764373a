export const MAKERS = [
  'xiaomi',
  'samsung',
  'oppo',
  'vivo',
  'huawei',
  'transsion',
  'symphony',
  'apple',
  'other',
  'computer',
] as const
/**
 * Who made the phone, as far as its way of saving battery goes: xiaomi with Redmi and POCO, oppo with Realme and OnePlus, vivo
 * with iQOO, huawei with Honor, transsion is Infinix, Tecno and itel, symphony with Walton.
 */
export type Maker = (typeof MAKERS)[number]

/** By the name in the model or the browser of the house, and else by how the maker numbers its models. */
const SIGNS: [Maker, RegExp][] = [
  ['xiaomi', /\b(xiaomi|redmi|poco|MiuiBrowser|Mi (?:\d|A\d|Note|Max|Mix|Pad))/i],
  ['samsung', /\b(samsung|SM-[A-Z]\d|GT-[A-Z]\d|SamsungBrowser)/i],
  ['oppo', /\b(oppo|realme|oneplus|HeyTapBrowser|CPH\d{4}|RMX\d{4})/i],
  ['vivo', /\b(vivo|iqoo|VivoBrowser)/i],
  ['huawei', /\b(huawei|honor|HuaweiBrowser)/i],
  ['transsion', /\b(infinix|tecno|itel)\b/i],
  ['symphony', /\b(symphony|walton|primo|orbit y|nexg)/i],
]
const NUMBERS: [Maker, RegExp][] = [
  ['oppo', /^(P[A-H][A-Z]M\d0|LE2\d{3}|KB2\d{3}|IN20\d\d|AC20\d\d|BE20\d\d|NE2\d{3})$/],
  ['vivo', /^[VI]\d{4}[A-Z]{0,2}$/],
  ['huawei', /^[A-Z]{3}-(L|LX|AL|TL|N|NX|AN|TN)\d*[A-Z]?$/],
  ['xiaomi', /^(M\d{4}[A-Z]\w{2,4}|2\d{3,4}[0-9A-Z]{3,7}[A-Z])$/],
]

/**
 * The maker of this phone, by the browser's name for itself and the model it tells (Client Hints; '' where it tells none: a
 * browser that hides the model then reads as `other`).
 */
export function makerOf(userAgent: string, model = ''): Maker {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'apple'
  if (!/Android/.test(userAgent) && !model) return 'computer'
  const told = model.trim() || modelIn(userAgent)
  for (const [maker, sign] of SIGNS) if (sign.test(told) || sign.test(userAgent)) return maker
  for (const [maker, number] of NUMBERS) if (number.test(told)) return maker
  return 'other'
}

/** `… (Linux; Android 13; 2201117TG Build/…; wv) …`; since 2022 Chrome says "K" there, whatever the phone. */
function modelIn(userAgent: string): string {
  return (
    /Android [\d.]+; (?:[a-z]{2}[-_][a-z]{2}; )?([^;)]+?)(?: Build\/[^;)]*)?(?:; wv)?\)/i.exec(userAgent)?.[1] ?? ''
  )
}

/** The model as the browser tells it when asked; '' where it does not. */
export async function toldModel(): Promise<string> {
  const { userAgentData } = navigator as {
    userAgentData?: { getHighEntropyValues(of: string[]): Promise<{ model?: string }> }
  }
  try {
    return (await userAgentData?.getHighEntropyValues(['model']))?.model ?? ''
  } catch {
    // It may refuse; the reader can choose the maker himself.
    return ''
  }
}
