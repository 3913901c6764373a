import type { SameShape } from './shape.ts'

/** What leaves the service through somebody else's hands: kind, urgency and office, never a word of a letter. */
export const bn = {
  notice: {
    directive: 'নির্দেশনা · {office}',
    urgent: 'জরুরি নির্দেশনা · {office}',
    advice: 'পরামর্শ · {office}',
    change: 'নির্দেশনায় পরিবর্তন · {office}',
    reminder: 'তাগিদ · {office}',
    urgentReminder: 'জরুরি তাগিদ · {office}',
    escalation: 'অধীনস্থ পদের নির্দেশনা বিলম্বিত · {office}',
    question: 'নির্দেশনা বিষয়ে জিজ্ঞাসা · {office}',
    other: 'নির্দেশনা বিষয়ে নতুন খবর · {office}',
    graded: 'নতুন নির্দেশনা',
    directives: '{n}টি নতুন নির্দেশনা',
    several: '{n}টি বিষয় দেখার আছে',
  },
  mail: { body: 'স্মারক খুলে দেখুন। পত্রের কোনো লেখা এ বার্তায় নেই।' },
  test: 'স্মারকের পরীক্ষামূলক বার্তা',
  code: 'স্মারকের যাচাই কোড: {code}',
  names: { push: 'নোটিফিকেশন', sms: 'এসএমএস', whatsapp: 'হোয়াটসঅ্যাপ', mail: 'ই-মেইল' },
  phone: {
    letters: 'নম্বরে অঙ্ক ছাড়া অন্য কিছু আছে।',
    short: 'নম্বরে অঙ্ক কম আছে; মোবাইল নম্বর ১১ অঙ্কের।',
    long: 'নম্বরে অঙ্ক বেশি আছে; মোবাইল নম্বর ১১ অঙ্কের।',
    not_mobile: 'এটি মোবাইল নম্বর নয়; মোবাইল নম্বর ০১৩ থেকে ০১৯ দিয়ে শুরু হয়।',
    country: 'দেশের কোডটি ঠিক নয়; বিদেশি নম্বর + দিয়ে শুরু করুন।',
  },
} as const

export const en: SameShape<typeof bn> = {
  notice: {
    directive: 'Directive · {office}',
    urgent: 'Urgent directive · {office}',
    advice: 'Advice · {office}',
    change: 'A directive has changed · {office}',
    reminder: 'Reminder · {office}',
    urgentReminder: 'Urgent reminder · {office}',
    escalation: 'A directive to a post below is late · {office}',
    question: 'A question about a directive · {office}',
    other: 'News about a directive · {office}',
    graded: 'New directive',
    directives: '{n:new directive|new directives}',
    several: '{n:matter|matters} to look at',
  },
  mail: { body: 'Open Smarak to see it. No text of a letter is in this message.' },
  test: 'Test message from Smarak',
  code: 'Smarak confirmation code: {code}',
  names: { push: 'Notifications', sms: 'SMS', whatsapp: 'WhatsApp', mail: 'E-mail' },
  phone: {
    letters: 'There is something other than digits in the number.',
    short: 'The number has too few digits; a mobile number has 11.',
    long: 'The number has too many digits; a mobile number has 11.',
    not_mobile: 'This is no mobile number; one begins with 013 to 019.',
    country: 'The country code is wrong; begin a number abroad with +.',
  },
}
