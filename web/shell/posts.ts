import type { PostName } from '../../client/views.ts'
import type { WordKey } from '../../language/words.ts'
import type { Prefs } from './prefs.svelte.ts'

type Words = Pick<Prefs, 'name' | 'lang'>

/** জেলা প্রশাসক, রংপুর; উপসচিব, জনপ্রশাসন মন্ত্রণালয়: a post with what tells it from others of its title. */
export function postTitle(words: Words, { title, office, place }: PostName): string {
  const name = words.name(title)
  const where = words.name(place) || shortOffice(words.name(office), name)
  return where && !name.includes(where) ? `${name}, ${where}` : name
}

/** উপজেলা নির্বাহী অফিসারের কার্যালয়, পীরগাছা, রংপুর says of the UNO no more than পীরগাছা, রংপুর. */
export function shortOffice(office: string, title: string): string {
  const [head = '', ...rest] = office.split(', ')
  return rest.length > 0 && head.includes(title) ? rest.join(', ') : office
}

/** অতিরিক্ত দায়িত্ব; '' for a regular holder, who needs no remark. */
export function chargeWord(prefs: Prefs, charge: string | undefined): string {
  const keys: Record<string, WordKey> = {
    additional: 'common.charges.additional',
    current: 'common.charges.current',
    routine: 'common.charges.routine',
    attached: 'common.charges.attached',
    deputation: 'common.charges.deputation',
    osd: 'common.charges.osd',
    inCharge: 'common.charges.inCharge',
    'in-charge': 'common.charges.inCharge',
    contractual: 'common.charges.contractual',
  }
  const key = charge === undefined ? undefined : keys[charge]
  return key ? (prefs.say as (key: WordKey) => string)(key) : ''
}
