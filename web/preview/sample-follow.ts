import type {
  Answer,
  ClauseAsk,
  DirectiveDetail,
  DirectiveRow,
  EnclosedProof,
  KeptFile,
  Part,
  PostName,
  Since,
} from '../../client/views.ts'
import { type Field, fieldsToCbor } from '../../letters/fields.ts'

const hour = 3_600_000
const day = 24 * hour

type Said = { dc: PostName; issuer: PostName; me: string; person: string }

const field = (key: string, name: string, more: Partial<Field> = {}): Field => ({
  key,
  clause: 'গ',
  type: 'number',
  name,
  unit: '',
  required: true,
  choices: [],
  ...more,
})

/** What the sample letters ask for besides a state. */
export const sampleFields: Field[] = [
  field('f1', 'ক্ষতিগ্রস্ত পরিবার', { unit: 'টি' }),
  field('f2', 'বরাদ্দ চাল', { unit: 'মেট্রিক টন', required: false }),
  field('f3', 'আশ্রয়কেন্দ্র চালু হয়েছে কি', { type: 'choice', choices: ['হ্যাঁ', 'আংশিক', 'না'] }),
  field('f4', 'পরিদর্শনের তারিখ', { type: 'date' }),
  field('f5', 'কেন্দ্রের ছবি', { type: 'photo', required: false }),
  field('f6', 'সমন্বয়কারী কর্মকর্তা', { clause: '', type: 'text', required: false }),
]

const once: ClauseAsk[] = [
  { label: '', ask: 'acknowledge' },
  { label: 'গ', ask: 'once' },
]
const whole: ClauseAsk[] = [{ label: '', ask: 'once' }]

/** Letters of every form, and what can happen to one. */
export function followRows(base: DirectiveRow, now: number, { dc, me, person }: Said): DirectiveRow[] {
  const row = (over: Partial<DirectiveRow>): DirectiveRow => ({
    ...base,
    post: me,
    issuer: dc,
    progress: 'opened',
    ...over,
  })
  return [
    row({
      id: 'f-amended',
      index: 1400,
      subject: 'আশ্রয়কেন্দ্র প্রস্তুত রাখা প্রসঙ্গে',
      due: now + 2 * day,
      owed: once,
      changes: [
        {
          kind: 'amend',
          at: now - 20 * hour,
          reason: 'দফা গ-এর ছক ভুল ছিল।',
          parts: [
            { label: 'clause:গ', value: 'আশ্রয়কেন্দ্রের হালনাগাদ তালিকা সংযুক্ত ছকে আগামী রবিবারের মধ্যে প্রেরণ করতে হবে;' },
            { label: 'signatory.phone', value: '০২৫৮৯৯২২০০০' },
          ],
        },
        { kind: 'extend', at: now - 6 * hour, due: now + 2 * day, reason: 'বন্যার কারণে সময় বাড়ানো হলো।' },
        { kind: 'remind', at: now - 2 * hour, reason: 'এখনও প্রতিবেদন পাওয়া যায়নি। জরুরি ভিত্তিতে পাঠান।' },
      ],
    }),
    row({
      id: 'f-passed',
      index: 1410,
      above: followSince(now),
      subject: 'অগ্রায়ন: সংযুক্ত পত্র অনুযায়ী ব্যবস্থা গ্রহণ',
      parent: 'd1',
      clauses: whole,
      owed: whole,
      due: now + day + 2 * hour,
      memo: '',
    }),
    row({
      id: 'f-personal',
      index: 1420,
      subject: 'ভূমিসেবা সহজীকরণে আপনার উদ্যোগ',
      form: 'do',
      post: person,
      due: null,
      progress: 'delivered',
      clauses: [{ label: '', ask: 'acknowledge' }],
      owed: [{ label: '', ask: 'acknowledge' }],
      memo: '',
    }),
    row({
      id: 'f-short',
      index: 1430,
      subject: 'আজ বিকালের মধ্যে আশ্রয়কেন্দ্রের তালিকা দিন',
      form: 'short',
      clauses: whole,
      owed: whole,
      due: now + 4 * hour,
      progress: 'delivered',
      memo: '',
    }),
    row({
      id: 'f-advice',
      index: 1440,
      subject: 'বর্ষায় নৌযানে জীবনরক্ষাকারী সরঞ্জাম রাখা ভালো',
      form: 'advice',
      clauses: [{ label: '', ask: 'nothing' }],
      owed: [],
      due: null,
      progress: 'delivered',
      memo: '',
    }),
    row({
      id: 'f-fields',
      index: 1450,
      subject: 'বন্যায় ক্ষতিগ্রস্তদের তথ্য প্রেরণ',
      clauses: once,
      owed: [{ label: 'গ', ask: 'once' }],
      due: now + 5 * hour,
      progress: 'acknowledged',
      asked: now - hour,
    }),
  ]
}

/** The text of those letters. `parts` is the sample letter. */
export function followParts(id: string, parts: Part[]): Part[] {
  const own: Record<string, Part[]> = {
    'f-passed': [{ label: 'paragraph:', value: 'সংযুক্ত পত্রের নির্দেশনা অনুযায়ী আপনার উপজেলায় ব্যবস্থা নিন এবং ফলাফল জানান।' }],
    'f-personal': [
      { label: 'letterhead', value: 'জেলা প্রশাসকের কার্যালয়, রংপুর' },
      {
        label: 'paragraph:',
        value:
          'প্রিয় সহকর্মী,\nভূমিসেবা সহজীকরণে আপনার উদ্যোগের কথা শুনে আনন্দিত হয়েছি। অভিজ্ঞতাটি অন্যদের জন্য দুই পৃষ্ঠায় লিখে পাঠালে কৃতজ্ঞ থাকব।',
      },
      { label: 'signatory.name', value: 'মো. আবদুল হাই' },
      { label: 'signatory.post', value: 'জেলা প্রশাসক' },
    ],
    'f-short': [
      { label: 'subject', value: 'আজ বিকালের মধ্যে আশ্রয়কেন্দ্রের তালিকা দিন।' },
      { label: 'issuer', value: 'মো. আবদুল হাই, জেলা প্রশাসক, রংপুর' },
      { label: 'paragraph:', value: 'আজ বিকালের মধ্যে আশ্রয়কেন্দ্রের তালিকা দিন।' },
    ],
    'f-advice': [{ label: 'paragraph:', value: 'বর্ষা মৌসুমে নৌযানে জীবনরক্ষাকারী সরঞ্জাম রাখা ভালো; প্রয়োজনে জেলা থেকে নেওয়া যায়।' }],
    'f-fields': [...parts, { label: 'fields', value: fieldsToCbor(sampleFields) as Part['value'] }],
  }
  return own[id] ?? parts
}

/** What became of the letter that was passed on. */
function followSince(now: number): Since {
  const part = { label: 'clause:গ', value: 'হোয়াটসঅ্যাপ মেসেজ প্রতি দুই ঘণ্টা পরপর পরীক্ষা করতে হবে;' }
  return { changes: [{ kind: 'amend', at: now - 3 * hour, reason: 'দফা গ স্পষ্ট করা হলো।', parts: [part] }] }
}

export function followEnclosed(parts: Part[], issuer: PostName, now: number): NonNullable<DirectiveDetail['enclosed']> {
  return { ...followSince(now), id: 'd1', issuer, parts, checked: true }
}

export function followEnclosedProof(issuer: PostName, now: number): EnclosedProof {
  const hash = 'q1kB0c9h3Jm0R7l2vY8s5t6u7w8x9y0z1A2B3C4D5E0='
  return {
    itemId: 'd1',
    issuer,
    verified: true,
    signed: true,
    accepted: now - 30 * hour,
    index: 1204,
    size: 4021,
    leafHash: hash,
    path: [hash, hash],
    checkpoint: `smarak.example/log\n4021\n${hash}\n\n— smarak.example/log Az3grlPz…\n`,
    verifiedAt: now,
    root: hash,
    device: 'Zk3l9Qe2Wm5Tt8Rr1Yy4Uu7Ii0Oo3Pp6Aa9Ss2Dd5F',
  }
}

export function followThread(now: number, by: PostName, issuer: PostName, picture: KeptFile): Answer[] {
  const said = { by, person: by.holder!, until: null, clauses: [] as string[], state: 'progress' as const, clockOff: 0 }
  const at = (ago: number) => ({ accepted: now - ago, clientTime: now - ago })
  return [
    { ...said, ...at(5 * hour), note: 'চরের পরিবারগুলো কি এ হিসাবে ধরা হবে?' },
    { ...said, ...at(4 * hour), by: issuer, person: issuer.holder!, note: 'হ্যাঁ, চরের পরিবারও ধরুন।' },
    {
      ...said,
      ...at(3 * hour),
      clauses: ['গ'],
      state: 'problem',
      note: 'দুটি ইউনিয়নে এখনও পৌঁছানো যায়নি; আংশিক তথ্য দিলাম।',
      values: { f1: '1240', f2: '18.5', f3: 'আংশিক', f5: '1' },
      files: [picture],
    },
    { ...said, ...at(hour), by: issuer, person: issuer.holder!, note: 'কোন দুটি ইউনিয়ন, জানান।' },
  ]
}

/** Five hundred open letters, as a district has them in a bad week. */
export function manyRows(base: DirectiveRow, now: number): DirectiveRow[] {
  return Array.from({ length: 500 }, (_, i): DirectiveRow => {
    const due = now + (i - 120) * 2 * hour
    return {
      ...base,
      id: `m${i}`,
      index: 3000 + i,
      accepted: now - (500 - i) * hour,
      due: i % 9 === 0 ? null : due,
      late: i % 9 !== 0 && due < now,
      progress: (['delivered', 'opened', 'acknowledged'] as const)[i % 3]!,
      subject: `${base.subject} (${i + 1})`,
    }
  })
}
