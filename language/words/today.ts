import type { SameShape } from './shape.ts'

/** Screen 2: what is owed now. */
export const bn = {
  title: 'আজ',
  allPosts: 'সব পদ',
  choosePost: 'পদ বেছে নিন',
  sections: {
    late: 'বিলম্বিত',
    dueToday: 'আজকের মধ্যে',
    upcoming: 'সামনে',
    fresh: 'নতুন',
    asked: 'আপনার উত্তর চাওয়া হয়েছে',
    waiting: 'অন্যদের উত্তরের অপেক্ষায়',
  },
  pills: { fresh: 'নতুন', late: '{span} বিলম্ব' },
  owed: {
    acknowledge: 'প্রাপ্তি স্বীকার',
    comply: 'প্রতিপালন',
    clauses: 'দফা {labels} প্রতিপালন',
    form: 'ছক পূরণ: {n}টি ঘর',
    present: 'উপস্থাপন',
    publish: 'ওয়েবসাইটে প্রকাশ',
    know: 'অবহিত হওয়া',
    nothing: 'কিছু বাকি নেই',
  },
  foot: 'সর্বশেষ দেখা {last} · পরবর্তী {next}',
  lastSeen: 'সর্বশেষ দেখা {last}',
  empty: 'এখন কিছু বাকি নেই।',
  firstDay: 'নতুন নির্দেশনা এলে এখানে দেখাবে।',
  recoveryCard: 'উদ্ধার কোড এখনও লেখা হয়নি',
} as const

export const en: SameShape<typeof bn> = {
  title: 'Today',
  allPosts: 'All posts',
  choosePost: 'Choose a post',
  sections: {
    late: 'Late',
    dueToday: 'Due today',
    upcoming: 'Coming up',
    fresh: 'New',
    asked: 'Your answer is asked for',
    waiting: 'Waiting for others',
  },
  pills: { fresh: 'New', late: '{span} late' },
  owed: {
    acknowledge: 'Acknowledge',
    comply: 'Comply',
    clauses: 'Comply with clause {labels}',
    form: 'Fill in: {n:field|fields}',
    present: 'Present to the principal',
    publish: 'Publish on the website',
    know: 'Take note',
    nothing: 'Nothing is owed',
  },
  foot: 'Last checked {last} · next {next}',
  lastSeen: 'Last checked {last}',
  empty: 'Nothing is owed now.',
  firstDay: 'New directives will appear here.',
  recoveryCard: 'The recovery code is not written down yet',
}
