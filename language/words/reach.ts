import type { SameShape } from './shape.ts'

/** Whom it has not reached: posts below one's own at which something waits. */
export const bn = {
  title: 'কার কাছে পৌঁছায়নি',
  help: 'আপনার অধীন যে পদে কোনো নির্দেশনা ২৪ ঘণ্টা ধরে যন্ত্রে পৌঁছায়নি, শুধু সেগুলো। কে কখন সক্রিয় ছিলেন, তা রাখা হয় না।',
  empty: 'সব জায়গায় পৌঁছেছে।',
  emptyHelp: 'আপনার অধীন কোনো পদে ২৪ ঘণ্টার বেশি কিছু আটকে নেই।',
  day: '২৪ ঘণ্টার বেশি',
  two: '৪৮ ঘণ্টার বেশি',
  area: '{day}টি পদ · ৪৮ ঘণ্টার বেশি {two}টি',
  since: '{span} ধরে পৌঁছায়নি',
  waiting: '{n}টি নির্দেশনা অপেক্ষায়',
  vacant: 'শূন্য পদ; ঊর্ধ্বতন পাবেন',
  declared: 'জানিয়েছেন: {reason}',
  until: '{date} পর্যন্ত',
  cover: 'এ সময়ে দেখছেন: {post}',
  undeclared: 'কারণ জানানো হয়নি',
} as const

export const en: SameShape<typeof bn> = {
  title: 'Whom it has not reached',
  help: 'Only posts below yours at which a directive has not come to a device for 24 hours. When somebody was active is not kept.',
  empty: 'It has reached everywhere.',
  emptyHelp: 'Nothing has been waiting for more than 24 hours at any post below yours.',
  day: 'More than 24 hours',
  two: 'More than 48 hours',
  area: '{day:post|posts} · {two} for more than 48 hours',
  since: 'Not reached for {span}',
  waiting: '{n:directive|directives} waiting',
  vacant: 'Vacant; the office above receives',
  declared: 'Declared: {reason}',
  until: 'until {date}',
  cover: 'Looked after by: {post}',
  undeclared: 'No reason declared',
}
