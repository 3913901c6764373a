/** One thing wrong with an import, at a place the operator can put his finger on. */
export type Fault = {
  file: string
  /** As a spreadsheet numbers rows: the heading is row 1. In JSON, the place in its list, from 1. 0 is the whole file. */
  row: number
  column: string
  fault: FaultCode
  /** What was found there, shortened. */
  value: string
  /** What is wrong and what to do, in both languages, without the place. */
  say: { bn: string; en: string }
}

export type FaultCode = keyof typeof sentences

type Sentence = { bn: (value: string) => string; en: (value: string) => string }

const sentences = {
  missing: {
    bn: () => 'ঘরটি খালি। মান লিখুন।',
    en: () => 'This is empty. Write a value.',
  },
  not_text: {
    bn: () => 'এখানে লেখা থাকার কথা। উদ্ধৃতিচিহ্নের ভিতরে লেখা দিন।',
    en: () => 'Text is expected here. Write it as text in quotation marks.',
  },
  not_list: {
    bn: () => 'এখানে তালিকা থাকার কথা। [ ] দিয়ে তালিকা লিখুন, খালি হলেও।',
    en: () => 'A list is expected here. Write one in [ ], even if it is empty.',
  },
  not_object: {
    bn: () => 'এখানে { } দিয়ে ঘেরা তথ্য থাকার কথা। উদাহরণ ফাইলটি দেখে লিখুন।',
    en: () => 'Fields in { } are expected here. Write them as the example file does.',
  },
  too_long: {
    bn: () => 'লেখাটি অতি দীর্ঘ। সংক্ষেপ করুন: নাম ২০০, কোড ৬৪ অক্ষর পর্যন্ত।',
    en: () => 'This is too long. Shorten it: names to 200 characters, codes to 64.',
  },
  too_many: {
    bn: () => 'তালিকাটি অতি দীর্ঘ। বিকল্প নাম ২০টি ও পদ ৫০টির মধ্যে রাখুন।',
    en: () => 'There are too many here. Keep to 20 other names and 50 posts.',
  },
  bad_code: {
    bn: (value) => `“${value}” কোড হতে পারে না। ছোট হাতের ইংরেজি অক্ষর, অঙ্ক ও মাঝে হাইফেন দিন, যেমন uno-558573।`,
    en: (value) =>
      `"${value}" cannot be a code. Use small letters a–z, digits and hyphens between them, like uno-558573.`,
  },
  bad_character: {
    bn: () => 'লেখায় অপাঠ্য চিহ্ন বা লাইন-বিরতি আছে। এক লাইনে আবার লিখুন এবং ফাইলটি UTF-8 হিসেবে সংরক্ষণ করুন।',
    en: () => 'There is an unreadable sign or a line break in this. Write it on one line and save the file as UTF-8.',
  },
  bad_number: {
    bn: (value) => `“${value}” ক্রম হতে পারে না। ১ থেকে শুরু করে পূর্ণ সংখ্যা দিন।`,
    en: (value) => `"${value}" cannot be an order. Write a whole number from 1.`,
  },
  bad_yes_no: {
    bn: (value) => `“${value}” বোঝা যায়নি। হ্যাঁ বা না (yes/no) লিখুন।`,
    en: (value) => `"${value}" is not understood. Write yes or no.`,
  },
  bad_charge: {
    bn: (value) =>
      `“${value}” দায়িত্বের ধরন নয়। regular, additional, current, routine, attached, deputation, osd, in-charge বা contractual লিখুন।`,
    en: (value) =>
      `"${value}" is not a kind of charge. Write regular, additional, current, routine, attached, deputation, osd, in-charge or contractual.`,
  },
  unknown_column: {
    bn: (value) => `“${value}” নামে কোনো কলাম নেই। বানান মিলিয়ে নিন বা কলামটি বাদ দিন।`,
    en: (value) => `There is no column "${value}". Correct its spelling or leave it out.`,
  },
  missing_column: {
    bn: (value) => `“${value}” কলামটি নেই। শিরোনাম সারিতে যোগ করুন।`,
    en: (value) => `The column "${value}" is missing. Add it to the heading row.`,
  },
  repeated_column: {
    bn: (value) => `“${value}” কলামটি দুবার আছে। একটি বাদ দিন।`,
    en: (value) => `The column "${value}" is there twice. Leave one out.`,
  },
  wrong_cells: {
    bn: (value) => `সারিটিতে ঘরের সংখ্যা শিরোনামের সমান নয় (${value})। কমা থাকলে লেখাটি উদ্ধৃতিচিহ্নে দিন।`,
    en: (value) =>
      `This row does not have as many cells as the heading (${value}). Put text with a comma in quotation marks.`,
  },
  bad_quote: {
    bn: () => 'উদ্ধৃতিচিহ্ন ঠিকমতো শেষ হয়নি। ভিতরের " চিহ্নটি "" লিখুন এবং শেষে " দিন।',
    en: () => 'A quotation mark is not closed rightly. Write " inside as "" and close with ".',
  },
  bad_json: {
    bn: () => 'ফাইলটি JSON হিসেবে পড়া যায়নি। কমা, বন্ধনী ও উদ্ধৃতিচিহ্ন মিলিয়ে নিন।',
    en: () => 'The file cannot be read as JSON. Check its commas, brackets and quotation marks.',
  },
  unknown_file: {
    bn: () => 'এই নামের ফাইল চেনা যায়নি। offices.csv, posts.csv, people.csv (ও service.csv) অথবা একটি .json ফাইল দিন।',
    en: () =>
      'A file of this name is not known. Give offices.csv, posts.csv, people.csv (and service.csv), or one .json file.',
  },
  missing_file: {
    bn: (value) => `${value} ফাইলটি নেই। সেটিও দিন।`,
    en: (value) => `The file ${value} is missing. Give it too.`,
  },
  repeated_file: {
    bn: () => 'ফাইলটি একাধিকবার দেওয়া হয়েছে, বা JSON-এর সঙ্গে অন্য ফাইল আছে। একটি রাখুন।',
    en: () => 'This file is given more than once, or beside a JSON file that stands alone. Keep one.',
  },
  repeated_code: {
    bn: (value) => `“${value}” কোডটি আগেই ব্যবহৃত হয়েছে। প্রতিটির আলাদা কোড দিন।`,
    en: (value) => `The code "${value}" is already taken. Give each its own.`,
  },
  unknown_office: {
    bn: (value) => `“${value}” কোডের কোনো দপ্তর নেই। offices তালিকায় যোগ করুন বা কোডটি ঠিক করুন।`,
    en: (value) => `There is no office "${value}". Add it to the offices or correct the code.`,
  },
  unknown_post: {
    bn: (value) => `“${value}” কোডের কোনো পদ নেই। posts তালিকায় যোগ করুন বা কোডটি ঠিক করুন।`,
    en: (value) => `There is no post "${value}". Add it to the posts or correct the code.`,
  },
  unknown_place: {
    bn: (value) => `“${value}” কোডের কোনো এলাকা জানা নেই। geo.json দেখে বিভাগ, জেলা বা উপজেলার কোড দিন, নতুন হলে সেখানে যোগ করুন।`,
    en: (value) =>
      `No place has the code "${value}". Give the code of a division, district or upazila from geo.json, or add a new one there.`,
  },
  not_a_unit: {
    bn: (value) => `“${value}” এই দপ্তরের অনুবিভাগ, অধিশাখা বা শাখা নয়। সঠিক কোড দিন বা খালি রাখুন।`,
    en: (value) => `"${value}" is not a wing, branch or section of this office. Correct the code or leave it empty.`,
  },
  circle: {
    bn: (value) => `উপরের দিকে গেলে আবার এখানেই ফেরে: ${value}। একটি ঊর্ধ্বতন কোড ঠিক করুন।`,
    en: (value) => `Going upwards from here leads back here: ${value}. Correct one of the codes above.`,
  },
  no_top: {
    bn: () => 'কোনো পদই সবার উপরে নেই। ঠিক একটি পদের supervisor ঘর খালি রাখুন।',
    en: () => 'No post is at the top. Leave the supervisor of exactly one post empty.',
  },
  two_tops: {
    bn: (value) => `এই পদের ঊর্ধ্বতন নেই, অথচ “${value}” ইতিমধ্যে সবার উপরে। supervisor লিখুন।`,
    en: (value) => `This post has no supervisor, yet "${value}" is already at the top. Write its supervisor.`,
  },
  repeated_holding: {
    bn: (value) => `এই ব্যক্তি “${value}” পদে আগেই আছেন। একটি সারি বাদ দিন।`,
    en: (value) => `This person already holds "${value}". Leave one row out.`,
  },
  two_names: {
    bn: (value) => `একই কোডে আগে অন্য নাম লেখা হয়েছে (${value})। নাম মিলিয়ে নিন বা আলাদা কোড দিন।`,
    en: (value) => `The same code carried another name before (${value}). Make them agree or give another code.`,
  },
} satisfies Record<string, Sentence>

/** A fault with its sentences. `value` is shortened to 80 characters, so a report never carries a whole file. */
export function fault(file: string, row: number, column: string, code: FaultCode, value: unknown = ''): Fault {
  const shown = shorten(value)
  const say = sentences[code]
  return { file, row, column, fault: code, value: shown, say: { bn: say.bn(shown), en: say.en(shown) } }
}

/** Whether a schema's message is one of ours; anything else in a report would be a schema without its own word. */
export function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(sentences, code)
}

function shorten(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? (Array.isArray(value) ? '[…]' : '{…}') : String(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
