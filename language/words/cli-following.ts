import type { SameShape } from './shape.ts'

/** The commands by which a directive is followed through. */
export const bn = {
  commands: {
    passOn: 'নিজের পদে আসা পত্র অধীনস্থদের পাঠায়, নিজের নির্দেশ ও সময়সহ',
    direct: 'অধীনস্থদের এক-দুই লাইনের নির্দেশ বা পরামর্শ দেয়',
    amend: 'জারি করা পত্রের কোনো দফা সংশোধন করে, বা সময় বাড়ায়',
    withdraw: 'নিজের জারি করা পত্র প্রত্যাহার করে',
    remind: 'যাঁদের উত্তর বাকি, তাঁদের তাগিদপত্র দেয়',
    report: 'প্রতিপালন প্রতিবেদন ফাইলে লেখে',
    reach: 'অধীনস্থ কোন পদে কত দিন কিছু পৌঁছায়নি, তা দেখায়',
  },
  options: {
    to: 'প্রাপক পদের কোড, বা পদের ধরন; কয়েকবার দেওয়া যায়',
    text: 'কী বলতে চান',
    advice: 'পরামর্শ: পড়া ছাড়া কিছু চায় না',
    clause: 'কোন দফা',
    newText: 'দফার নতুন লেখা',
    newDue: 'নতুন সময়; আগের চেয়ে পরে',
    report: 'কোন ফাইলে; নামের শেষে PDF বা CSV',
  },
  passedOn: 'পাঠানো হলো {addressees}টি পদে: {id} (প্রমাণ-বহিতে {index})',
  amended: 'সংশোধন গৃহীত হলো। যাঁদের কাছে পত্রটি আছে, সবাই দেখবেন।',
  reminded: '{n}টি পদে তাগিদ দেওয়া হলো।',
  nobodyOwes: 'কারও উত্তর বাকি নেই; তাগিদ দেওয়ার কেউ নেই।',
  reported: 'প্রতিবেদন লেখা হলো: {file} ({answered}/{rows} উত্তর)',
  reach: {
    none: 'অধীনস্থ সব পদে নিয়মিত পৌঁছাচ্ছে।',
    row: '{post}: {days} দিন পৌঁছায়নি',
  },
} as const

export const en: SameShape<typeof bn> = {
  commands: {
    passOn: 'sends a letter that came to your post on to posts below, with your own words and due date',
    direct: 'gives posts below a directive of a line or two, or advice',
    amend: 'changes a clause of a letter you issued, or gives more time',
    withdraw: 'withdraws a letter you issued',
    remind: 'reminds whoever still owes an answer',
    report: 'writes the compliance report into a file',
    reach: 'shows which posts below nothing has reached, and for how long',
  },
  options: {
    to: 'code of a post, or a kind of post; may come more than once',
    text: 'what you want to say',
    advice: 'advice: asks nothing but to be read',
    clause: 'which clause',
    newText: 'the new text of the clause',
    newDue: 'the new due date; later than before',
    report: 'into which file; ends in .pdf or .csv',
  },
  passedOn: 'Passed on to {addressees:post|posts}: {id} (log index {index})',
  amended: 'The change was accepted. Everybody who has the letter sees it.',
  reminded: 'Reminded {n:post|posts}.',
  nobodyOwes: 'Nobody owes an answer; there is nobody to remind.',
  reported: 'Report written: {file} ({answered} of {rows} answered)',
  reach: {
    none: 'Every post below is reached regularly.',
    row: '{post}: nothing arrived for {days:day|days}',
  },
}
