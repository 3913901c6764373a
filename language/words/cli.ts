import type { SameShape } from './shape.ts'

/** The command line. Names of commands, options and files are the same in both languages and stand in `cli/`. */
export const bn = {
  usage: 'ব্যবহার: {command}',
  more: 'একটি নির্দেশের সব বিকল্প দেখতে: {command}',
  seeHelp: 'ব্যবহার দেখতে লিখুন: {help}',
  exits: 'শেষ সংকেত: ০ হয়েছে, ১ প্রত্যাখ্যাত, ২ ভুল লেখা, ৩ সার্ভার মেলেনি, ৪ স্মারকের ত্রুটি।',
  place: '{file}, সারি {row}, {column}:',
  placeFile: '{file}:',
  commands: {
    date: 'খ্রিষ্টীয় তারিখের বাংলা তারিখ বলে',
  },
  options: {
    lang: 'কোন ভাষায় বলবে',
    help: 'এই সাহায্য দেখায়',
    json: 'মানুষের জন্য নয়, প্রোগ্রামের জন্য একটি বস্তু লেখে',
  },
  errors: {
    unknown_command: '“{command}” নামে কোনো নির্দেশ নেই।',
    unknown_option: '{option} এ নির্দেশের বিকল্প নয়।',
    missing_value: '{option}-এর পরে কিছু লিখতে হবে।',
    needless_value: '{option}-এর পরে কিছু লিখতে হয় না।',
    repeated_option: '{option} দুবার লেখা হয়েছে।',
    missing_option: '{option} দিতে হবে।',
    missing_word: '{word} লেখা হয়নি।',
    extra_word: '“{word}” বেশি লেখা হয়েছে।',
    bad_value: '{option}-এ “{value}” চলে না।',
    bad_date: '“{value}” কোনো তারিখ নয়; বছর-মাস-দিন লিখুন, যেমন ২০২৪-১০-২২।',
    file_missing: 'ফাইলটি পাওয়া যায়নি: {file}। পথটি দেখে আবার লিখুন।',
    file_unreadable: 'ফাইলটি পড়া যায়নি: {file} ({reason})। অনুমতি দেখে আবার চেষ্টা করুন।',
    file_too_large: '{file} {most} এমবির চেয়ে বড়। ঠিক ফাইলটি কি না দেখে ছোট ফাইল দিন।',
    not_utf8: '{file} পড়ার মতো লেখা নয়। ফাইলটি ইউনিকোড লেখা হিসেবে সংরক্ষণ করে আবার দিন।',
    offline: 'সার্ভারের সাড়া নেই। কিছু বদলায়নি। সার্ভার চলছে কি না ও ঠিকানা দেখে আবার চেষ্টা করুন।',
    internal: 'স্মারকে একটি ত্রুটি হয়েছে। নিচের লেখাসহ পরিচালককে জানান।',
    unworded: 'গ্রহণ করা হয়নি: {code}। কারণ দেখে ঠিক করে আবার চেষ্টা করুন।',
  },
} as const

export const en: SameShape<typeof bn> = {
  usage: 'Usage: {command}',
  more: 'To see every option of a command: {command}',
  seeHelp: 'To see how it is used, type: {help}',
  exits: 'Exit codes: 0 done, 1 refused, 2 typed wrongly, 3 no server, 4 an error in Smarak.',
  place: '{file}, row {row}, {column}:',
  placeFile: '{file}:',
  commands: {
    date: 'says the Bangla date of a Gregorian one',
  },
  options: {
    lang: 'the language to speak',
    help: 'shows this help',
    json: 'writes one object for programs instead of words',
  },
  errors: {
    unknown_command: 'There is no command “{command}”.',
    unknown_option: '{option} is not an option of this command.',
    missing_value: '{option} needs a value behind it.',
    needless_value: '{option} takes no value.',
    repeated_option: '{option} is given twice.',
    missing_option: '{option} is needed.',
    missing_word: '{word} is missing.',
    extra_word: '“{word}” is one word too many.',
    bad_value: '{option} cannot be “{value}”.',
    bad_date: '“{value}” is not a date; write year-month-day, like 2024-10-22.',
    file_missing: 'The file was not found: {file}. Check the path and try again.',
    file_unreadable: 'The file could not be read: {file} ({reason}). Check its permissions and try again.',
    file_too_large: '{file} is larger than {most} MB. Check that it is the right file, and give a smaller one.',
    not_utf8: '{file} is not readable text. Save it as Unicode text (UTF-8) and give it again.',
    offline: 'The server does not answer. Nothing has changed. Check that it runs, and its address, and try again.',
    internal: 'Something went wrong in Smarak. Tell the operator, with what stands below.',
    unworded: 'Not accepted: {code}. Look at the cause, mend it and try again.',
  },
}
