import { banglaDate, formatBanglaDate, formatDate, isIsoDate, weekdayName } from '../language/calendar.ts'
import { toLatin } from '../language/digits.ts'
import { type Command, EXIT, Usage } from './command.ts'

/** `date 2024-10-22`: the same day in the Bangladesh calendar. Digits may be Bangla. */
export const date: Command = {
  words: { say: 'YYYY-MM-DD', least: 1, most: 1 },
  json: true,
  async run({ words: [typed] }, { lang, json, out }) {
    const iso = toLatin(typed!.trim())
    if (!isIsoDate(iso)) throw new Usage('bad_date', { value: typed })
    const bangla = banglaDate(iso)
    const text = `${weekdayName(lang, iso)}, ${formatBanglaDate(bangla, lang)}, ${formatDate(lang, iso)}`
    out(json ? JSON.stringify({ iso, bangla, text }) : text)
    return EXIT.ok
  },
}
