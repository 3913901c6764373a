import type { AnswerState, ClauseAsk } from '../client/views.ts'
import { utf8 } from '../core/bytes.ts'
import { sha256 } from '../core/hash.ts'

/** How one simulated official deals with one directive; times in milliseconds after it is first seen. */
export type Temper = {
  /** Never looks: no network, on leave, or simply not there. */
  dark: boolean
  opensAfter: number
  acknowledgesAfter: number
  /** Null: leaves it at the acknowledgement. */
  answersAfter: number | null
  /** Of what is asked once; a standing clause is kept to where this is done. */
  state: AnswerState
  note(state: AnswerState): string
}

const NOTES: Record<AnswerState, string[]> = {
  done: [
    'নির্দেশনা অনুযায়ী ব্যবস্থা গ্রহণ করা হয়েছে।',
    'সকল কর্মকর্তাকে অবহিত করা হয়েছে; গ্রুপ সচল আছে।',
    'দপ্তরে ব্রডব্যান্ড ও ওয়াইফাই সংযোগ নিশ্চিত করা হয়েছে।',
  ],
  progress: ['কাজ চলছে; আগামী সপ্তাহে শেষ হবে।', 'ব্রডব্যান্ড সংযোগের জন্য বিটিসিএল-কে পত্র দেওয়া হয়েছে।'],
  impossible: ['বন্যায় নেটওয়ার্ক বিচ্ছিন্ন; সংযোগ ফিরলে জানানো হবে।', 'মোবাইল টাওয়ার অচল থাকায় সার্বক্ষণিক সংযোগ সম্ভব হচ্ছে না।'],
  notours: ['বিষয়টি এ দপ্তরের আওতাভুক্ত নয়।'],
  kept: ['মেনে চলা হচ্ছে।'],
  problem: ['জনবল সংকটে কাজ আটকে আছে; নির্দেশনা প্রয়োজন।'],
}

const SECOND = 1000

/** The same official always treats the same directive alike, so that a demonstration can be told as a story. */
export function temperOf(person: string, directive: string, owed: ClauseAsk[]): Temper {
  const dice = sha256(utf8(`${person} ${directive}`))
  const roll = (at: number, sides: number) => (dice[at]! * 256 + dice[at + 1]!) % sides
  const opensAfter = (3 + roll(0, 100)) * SECOND
  const acknowledgesAfter = opensAfter + (4 + roll(2, 40)) * SECOND
  const asked = owed.some(({ ask }) => ask === 'once' || ask === 'standing')
  const answers = roll(4, 100) < (asked ? 75 : 20)
  return {
    dark: roll(8, 100) < 11,
    opensAfter,
    acknowledgesAfter,
    answersAfter: answers ? acknowledgesAfter + (5 + roll(10, 60)) * SECOND : null,
    state: stateOf(roll(6, 100)),
    note: (state) => NOTES[state][roll(12, NOTES[state].length)]!,
  }
}

function stateOf(percent: number): AnswerState {
  if (percent < 62) return 'done'
  if (percent < 88) return 'progress'
  return percent < 95 ? 'impossible' : 'notours'
}
