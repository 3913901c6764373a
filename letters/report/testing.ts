/** A report as the ministry would ask for it: 495 upazilas by their real names, eight fields, invented answers. */
import { openInstalled } from '../../cli/write-report.ts'
import { places } from '../../features/directory/country/places.ts'
import type { Field } from '../fields.ts'
import type { ReportData, ReportRow, ReportState } from './data.ts'

const field = (key: string, type: Field['type'], name: string, unit = '', choices: string[] = []): Field => ({
  key,
  clause: 'ক',
  type,
  name,
  unit,
  required: true,
  choices,
})

export const SAMPLE_FIELDS: Field[] = [
  field('drives', 'number', 'পরিচ্ছন্নতা অভিযান', 'টি'),
  field('people', 'number', 'অংশগ্রহণকারী', 'জন'),
  field('cost', 'number', 'ব্যয়িত অর্থ', 'টাকা'),
  field('begun', 'date', 'কার্যক্রম শুরুর তারিখ'),
  field('committee', 'choice', 'কমিটি গঠিত', '', ['হ্যাঁ', 'না', 'আংশিক']),
  field('courts', 'number', 'ভ্রাম্যমাণ আদালত', 'টি'),
  field('photos', 'photo', 'ছবি'),
  field('remark', 'text', 'মন্তব্য'),
]

const remarks = [
  'স্বাস্থ্য পরিদর্শকসহ কার্যক্রম চলমান',
  'বিজ্ঞপ্তি প্রকাশিত; রাষ্ট্রীয় নির্দেশনা মোতাবেক',
  '',
  'অর্থ বরাদ্দ অপ্রতুল, জ্ঞাতার্থে প্রেরিত',
  'ক্ষুদ্র নৃগোষ্ঠী অধ্যুষিত এলাকায় পৃথক উদ্যোগ',
]

export { openInstalled as installedEngine }

/** The same on every call. `silentEvery`: each so many-th upazila has not answered. */
export function sampleReport({ silentEvery = 8 }: { silentEvery?: number } = {}): ReportData {
  const known = places()
  const bn = (code: string | undefined) => known.get(code ?? '')?.bn ?? ''
  const upazilas = [...known.values()].filter(({ kind }) => kind === 'upazila')
  const issued = Date.parse('2026-11-08T10:00:00+06:00')
  const rows = upazilas.map((place, i): ReportRow => {
    const silent = i % silentEvery === silentEvery - 1
    const random = (most: number, salt: number) =>
      Math.floor((((i + 1) * 0.618034 * (salt + 0.7) + salt * 0.37) % 1) * most)
    const values = new Map([
      ['drives', String(random(60, 1))],
      ['people', String(random(4000, 2))],
      ['cost', `${random(900_000, 3)}${i % 7 === 0 ? '.5' : ''}`],
      ['begun', `2026-11-${String(9 + random(12, 4)).padStart(2, '0')}`],
      ['committee', ['হ্যাঁ', 'না', 'আংশিক'][random(7, 5) % 3]!],
      ['courts', String(random(9, 6))],
      ['photos', '1 2 3'.slice(0, 1 + 2 * random(3, 7))],
      ['remark', remarks[random(5, 8)]!],
    ])
    const states: ReportState[] = silent
      ? ['sent', 'opened', 'acknowledged', 'vacant']
      : ['done', 'done', 'done', 'progress', 'problem']
    return {
      division: bn(known.get(place.within ?? '')?.within),
      district: bn(place.within),
      upazila: place.bn,
      office: place.bn,
      post: 'উপজেলা নির্বাহী অফিসার',
      state: states[random(states.length, 9)]!,
      answeredAt: silent ? null : issued + (i + 1) * 1_200_000,
      values: silent ? null : new Map([...values].filter(([, value]) => value)),
    }
  })
  return {
    lang: 'bn',
    letterhead: ['গণপ্রজাতন্ত্রী বাংলাদেশ সরকার', 'জনপ্রশাসন মন্ত্রণালয়', 'মাঠ প্রশাসন সমন্বয় অধিশাখা', 'বাংলাদেশ সচিবালয়, ঢাকা'],
    memo: '০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১৩৩৭',
    subject: 'ডেঙ্গু প্রতিরোধে স্থানীয় পর্যায়ে পরিচ্ছন্নতা কার্যক্রম গ্রহণ ও তথ্য প্রেরণ সংক্রান্ত।',
    mark: '',
    issued: '2026-11-08',
    due: Date.parse('2026-11-19T17:00:00+06:00'),
    madeAt: Date.parse('2026-11-22T11:05:00+06:00'),
    checkpoint: { size: 1_204_337, root: 'tW0pUwQ3vCjAqgkF9wQn0hN2kYxH8m4f7Zb1cR5sDLo=' },
    partly: 3,
    maker: { name: 'মোঃ আশফাকুজ্জামান', post: 'উপসচিব', office: 'মাঠ প্রশাসন সমন্বয় অধিশাখা' },
    fields: SAMPLE_FIELDS,
    rows,
  }
}
