import type { SameShape } from './shape.ts'

/**
 * What to change on a phone so that its battery saver lets notifications through, by maker (`features/directory/web/maker.ts`).
 * Menus differ between models: each step also says what to look for.
 */
export const bn = {
  title: 'ফোনের ব্যাটারি সাশ্রয়',
  why: 'অনেক ফোন ব্যাটারি বাঁচাতে পেছনে চলা অ্যাপ থামিয়ে দেয়; তখন নোটিফিকেশন আসে না বা দেরিতে আসে।',
  show: 'কী করতে হবে দেখুন',
  which: 'কোন কোম্পানির ফোন?',
  browser: 'যে ব্রাউজারে স্মারক চালান (যেমন Chrome) সেটির জন্য এগুলো করুন; হোম স্ক্রিনে রাখা থাকলে স্মারকের জন্যও।',
  after: 'শেষে আবার নোটিফিকেশন পরীক্ষা করুন। এক দিন পরও না এলে দপ্তরের কারিগরি শাখাকে জানান।',
  differs: 'মডেলভেদে নাম একটু আলাদা হতে পারে; সেটিংসের খোঁজার ঘরে “ব্যাটারি” লিখলে পাবেন।',
  makers: {
    xiaomi: {
      name: 'শাওমি, রেডমি, পোকো',
      one: 'সেটিংস › অ্যাপস › ম্যানেজ অ্যাপস থেকে ব্রাউজারটি খুলুন, “অটোস্টার্ট” চালু করুন।',
      two: 'একই পাতায় “ব্যাটারি সেভার” চেপে “নো রেস্ট্রিকশনস” (কোনো বাধা নেই) বেছে নিন।',
      three: 'সাম্প্রতিক অ্যাপের তালিকায় ব্রাউজারটি চেপে ধরে তালা চিহ্ন দিন, যাতে একসঙ্গে মুছলেও থাকে।',
    },
    samsung: {
      name: 'স্যামসাং',
      one: 'সেটিংস › অ্যাপস থেকে ব্রাউজারটি খুলুন, “ব্যাটারি” চেপে “আনরেস্ট্রিক্টেড” (অবাধ) বেছে নিন।',
      two: 'সেটিংস › ব্যাটারি › ব্যাকগ্রাউন্ড ইউসেজ লিমিটস-এ দেখুন: ব্রাউজারটি ঘুমানো (স্লিপিং) তালিকায় থাকলে সরান।',
      three: 'সেখানেই “নেভার স্লিপিং অ্যাপস” (যেগুলো ঘুমাবে না) তালিকায় ব্রাউজারটি যোগ করুন।',
    },
    oppo: {
      name: 'অপো, রিয়েলমি, ওয়ানপ্লাস',
      one: 'সেটিংস › অ্যাপস থেকে ব্রাউজারটি খুলুন, “ব্যাটারি ইউসেজ” চেপে “অ্যালাউ ব্যাকগ্রাউন্ড অ্যাক্টিভিটি” চালু করুন।',
      two: 'একই পাতায় “অ্যালাউ অটো লঞ্চ” (নিজে চালু হওয়া) চালু করুন।',
      three: 'সাম্প্রতিক অ্যাপের তালিকায় ব্রাউজারটির তিন ফোঁটা চেপে “লক” দিন।',
    },
    vivo: {
      name: 'ভিভো, আইকু',
      one: 'সেটিংস › ব্যাটারি › ব্যাকগ্রাউন্ড পাওয়ার কনজাম্পশন-এ ব্রাউজারটির জন্য “ডোন্ট রেস্ট্রিক্ট” (বাধা নেই) বেছে নিন।',
      two: 'আই ম্যানেজার › অ্যাপ ম্যানেজার › অটোস্টার্ট ম্যানেজার-এ ব্রাউজারটি চালু করুন।',
      three: 'সাম্প্রতিক অ্যাপের তালিকায় ব্রাউজারটি নিচে টেনে তালা দিন।',
    },
    huawei: {
      name: 'হুয়াওয়ে, অনার',
      one: 'সেটিংস › ব্যাটারি › অ্যাপ লঞ্চ-এ ব্রাউজারটির “ম্যানেজ অটোমেটিক্যালি” বন্ধ করুন।',
      two: 'যে পাতা খোলে তাতে তিনটিই চালু রাখুন: নিজে চালু হওয়া, অন্য অ্যাপের ডাকে চালু হওয়া, পেছনে চলা।',
      three: 'সেটিংস › অ্যাপস › বিশেষ অ্যাক্সেস › ব্যাটারি অপটিমাইজেশন-এ ব্রাউজারটির জন্য “ডোন্ট অ্যালাউ” (সাশ্রয় নয়) বেছে নিন।',
    },
    transsion: {
      name: 'ইনফিনিক্স, টেকনো, আইটেল',
      one: 'ফোন মাস্টার অ্যাপ › অটো স্টার্ট ম্যানেজমেন্ট-এ ব্রাউজারটি চালু করুন।',
      two: 'সেটিংস › ব্যাটারি (বা পাওয়ার ম্যারাথন) থেকে ব্রাউজারটির জন্য সাশ্রয় বন্ধ করুন, “আনরেস্ট্রিক্টেড” দিন।',
      three: 'সাম্প্রতিক অ্যাপের তালিকায় ব্রাউজারটি নিচে টেনে তালা দিন, যাতে “ক্লিন” চাপলেও থাকে।',
    },
    symphony: {
      name: 'সিম্ফনি, ওয়ালটন',
      one: 'সেটিংস › অ্যাপস থেকে ব্রাউজারটি খুলুন, “ব্যাটারি” চেপে “আনরেস্ট্রিক্টেড” (অবাধ) বেছে নিন।',
      two: 'সেটিংস › ব্যাটারি-তে “ডিউরাস্পিড” বা “অ্যাপ ক্লিনার” থাকলে ব্রাউজারটিকে তার বাইরে রাখুন।',
      three: 'সেটিংস › ব্যাটারি › ব্যাটারি সেভার সব সময় চালু থাকলে বন্ধ করুন।',
    },
    apple: {
      name: 'আইফোন, আইপ্যাড',
      one: 'স্মারক হোম স্ক্রিনে রাখুন: শেয়ার চিহ্ন › “হোম স্ক্রিনে যোগ”। আইফোনে কেবল সেভাবেই নোটিফিকেশন আসে।',
      two: 'সেটিংস › নোটিফিকেশনস › স্মারক-এ অনুমতি, শব্দ ও লক স্ক্রিন চালু করুন।',
      three: 'লো পাওয়ার মোড ও ফোকাস চালু থাকলে স্মারককে তার বাইরে রাখুন।',
    },
    other: {
      name: 'অন্য ফোন',
      one: 'সেটিংস › অ্যাপস থেকে ব্রাউজারটি খুলুন, “ব্যাটারি” চেপে “আনরেস্ট্রিক্টেড” (অবাধ) বেছে নিন।',
      two: '“অটোস্টার্ট”, “নিজে চালু হওয়া” বা “পেছনে চলা” নামে কিছু থাকলে ব্রাউজারটির জন্য চালু করুন।',
      three: 'ব্রাউজারটির পাতায় নোটিফিকেশনস খুলে দেখুন স্মারকের ঠিকানাটি চালু আছে।',
    },
    computer: {
      name: 'কম্পিউটার',
      one: 'ব্রাউজারের সেটিংসে নোটিফিকেশনস খুলে স্মারকের ঠিকানাটি অনুমতির তালিকায় আছে কি না দেখুন।',
      two: 'কম্পিউটারের নোটিফিকেশন সেটিংসে ব্রাউজারটি চালু রাখুন; “ডু নট ডিস্টার্ব” বন্ধ রাখুন।',
      three: 'ব্রাউজার বন্ধ করলেও পেছনে চলতে দিন, বা স্মারকের পাতাটি খোলা রাখুন।',
    },
  },
} as const

export const en: SameShape<typeof bn> = {
  title: 'Battery saving of the phone',
  why: 'To save battery many phones stop apps that run in the background; notifications then come late or never.',
  show: 'See what to do',
  which: 'Who made the phone?',
  browser:
    'Do this for the browser you open Smarak with (Chrome, say); and for Smarak too, where it is on the home screen.',
  after:
    'Test the notifications again at the end. If none comes after a day, tell the technical section of your office.',
  differs: 'Names differ a little between models; type “battery” into the search box of the settings.',
  makers: {
    xiaomi: {
      name: 'Xiaomi, Redmi, POCO',
      one: 'Settings › Apps › Manage apps: open the browser and turn on “Autostart”.',
      two: 'On the same page choose “Battery saver”, then “No restrictions”.',
      three: 'In the list of recent apps hold the browser and give it the padlock, so that clearing all leaves it.',
    },
    samsung: {
      name: 'Samsung',
      one: 'Settings › Apps: open the browser, then “Battery”, and choose “Unrestricted”.',
      two: 'Settings › Battery › Background usage limits: take the browser off the list of sleeping apps.',
      three: 'In the same place add the browser to “Never sleeping apps”.',
    },
    oppo: {
      name: 'Oppo, Realme, OnePlus',
      one: 'Settings › Apps: open the browser, then “Battery usage”, and turn on “Allow background activity”.',
      two: 'On the same page turn on “Allow auto launch”.',
      three: 'In the list of recent apps press the dots of the browser and choose “Lock”.',
    },
    vivo: {
      name: 'Vivo, iQOO',
      one: 'Settings › Battery › Background power consumption: choose “Don’t restrict” for the browser.',
      two: 'iManager › App manager › Autostart manager: turn the browser on.',
      three: 'In the list of recent apps pull the browser down to lock it.',
    },
    huawei: {
      name: 'Huawei, Honor',
      one: 'Settings › Battery › App launch: turn off “Manage automatically” for the browser.',
      two: 'On the page that opens keep all three on: auto-launch, secondary launch, run in background.',
      three: 'Settings › Apps › Special access › Battery optimisation: choose “Don’t allow” for the browser.',
    },
    transsion: {
      name: 'Infinix, Tecno, itel',
      one: 'Phone Master › Auto-start management: turn the browser on.',
      two: 'Settings › Battery (or Power Marathon): turn saving off for the browser, choose “Unrestricted”.',
      three: 'In the list of recent apps pull the browser down to lock it, so that “Clean” leaves it.',
    },
    symphony: {
      name: 'Symphony, Walton',
      one: 'Settings › Apps: open the browser, then “Battery”, and choose “Unrestricted”.',
      two: 'Settings › Battery: where there is “DuraSpeed” or an app cleaner, leave the browser out of it.',
      three: 'Settings › Battery › Battery saver: turn it off if it is always on.',
    },
    apple: {
      name: 'iPhone, iPad',
      one: 'Put Smarak on the home screen: the share sign › “Add to Home Screen”. Only so do notifications come on an iPhone.',
      two: 'Settings › Notifications › Smarak: turn on permission, sounds and the lock screen.',
      three: 'Where Low Power Mode or a Focus is on, leave Smarak out of it.',
    },
    other: {
      name: 'Another phone',
      one: 'Settings › Apps: open the browser, then “Battery”, and choose “Unrestricted”.',
      two: 'Where there is “Autostart”, “Auto launch” or “Run in background”, turn it on for the browser.',
      three: 'On the page of the browser open Notifications and see that Smarak’s address is on.',
    },
    computer: {
      name: 'A computer',
      one: 'In the settings of the browser open Notifications and see that Smarak’s address is allowed.',
      two: 'In the notification settings of the computer keep the browser on and “Do not disturb” off.',
      three: 'Let the browser run in the background when it is closed, or keep Smarak’s page open.',
    },
  },
}
