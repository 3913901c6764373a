import type { SameShape } from './shape.ts'

/** What the system says by itself: reminders and escalations, made or still to come. */
export const bn = {
  /** What will happen if nothing more does. {when}: আগামীকাল বিকাল ৫:০০. */
  planned: {
    'reminder-before': '{when}-এ স্মরণ করানো হবে',
    'reminder-due': '{when}-এ সময় শেষ; তখন স্মরণ করানো হবে',
    'reminder-late': '{when}-এ বিলম্বের তাগিদ যাবে',
    'escalation-1': '{when}-এ ঊর্ধ্বতন জানবেন',
    'escalation-2': '{when}-এ ঊর্ধ্বতনের ঊর্ধ্বতন জানবেন',
  },
  nothingPlanned: 'নিজে থেকে আর কোনো তাগিদ যাবে না',
  /** What happened. */
  made: {
    new: 'নতুন নির্দেশনা',
    amended: 'নির্দেশনা সংশোধিত',
    extended: 'সময় বাড়ানো হয়েছে',
    cancelled: 'নির্দেশনা প্রত্যাহার',
    remind: 'জারিকারীর তাগিদপত্র',
    'reminder-before': 'মেয়াদ সামনে',
    'reminder-due': 'মেয়াদ শেষ',
    'reminder-late': 'বিলম্বের তাগিদ, {n} নম্বর',
    'escalation-1': 'ঊর্ধ্বতনকে জানানো হয়েছে',
    'escalation-2': 'ঊর্ধ্বতনের ঊর্ধ্বতনকে জানানো হয়েছে',
  },
} as const

export const en: SameShape<typeof bn> = {
  planned: {
    'reminder-before': '{when}: a reminder',
    'reminder-due': '{when}: time is up, and a reminder',
    'reminder-late': '{when}: a reminder that it is late',
    'escalation-1': '{when}: the supervisor is told',
    'escalation-2': '{when}: the supervisor of the supervisor is told',
  },
  nothingPlanned: 'No further reminder goes out by itself',
  made: {
    new: 'New directive',
    amended: 'Directive amended',
    extended: 'More time given',
    cancelled: 'Directive withdrawn',
    remind: 'Reminder from the issuer',
    'reminder-before': 'Due soon',
    'reminder-due': 'Time is up',
    'reminder-late': 'Late, reminder {n}',
    'escalation-1': 'The supervisor was told',
    'escalation-2': 'The supervisor of the supervisor was told',
  },
}
