import type { SameShape } from './shape.ts'

/** One sentence or three for every refusal code: what happened, what is safe, what to do next. Keys are the codes. */
export const bn = {
  bad_bytes: 'পাঠানো তথ্য পড়া যায়নি। আপনার লেখা এ যন্ত্রে নিরাপদ আছে। স্মারক নতুন করে খুলে আবার চেষ্টা করুন।',
  too_large: 'লেখা বা ফাইলটি খুব বড়। আপনার খসড়া এ যন্ত্রে আছে। ছোট করে বা ভাগ করে আবার পাঠান।',
  bad_signature: 'স্বাক্ষর মেলেনি, তাই গ্রহণ করা হয়নি। আপনার লেখা নিরাপদ আছে। আবার পাঠান; না হলে যন্ত্রটি নতুন করে যুক্ত করুন।',
  unknown_device: 'যন্ত্রটি চেনা যায়নি। আপনার খসড়া এ যন্ত্রে আছে। নিবন্ধন কোড দিয়ে যন্ত্রটি যুক্ত করুন।',
  revoked_device: 'যন্ত্রটি বন্ধ করা হয়েছে; এখান থেকে আর কিছু পাঠানো যাবে না। আগের উত্তরগুলো রেকর্ডে আছে। নতুন নিবন্ধন কোড নিন।',
  not_allowed: 'এ কাজটি আপনার বর্তমান পদ থেকে করা যায় না। কিছু বদলায়নি। অন্য পদ বেছে নিন, বা ঊর্ধ্বতন দপ্তরকে জানান।',
  not_found: 'এটি পাওয়া যায়নি। আপনার কিছু হারায়নি। ঠিকানাটি দেখে আবার খুঁজুন।',
  conflict: 'এ কাজটি আগেই অন্যভাবে গৃহীত হয়েছে। আগেরটি অক্ষত আছে। নতুন অবস্থা দেখে আবার ঠিক করুন।',
  still_in_use:
    '“{code}” এখনও আছে, তাই বিলুপ্ত করা হয়নি। কিছু বদলায়নি। আগে পদের দায়িত্ব শেষ করুন, আর এর অধীন পদ ও কার্যালয় বিলুপ্ত করুন।',
  stale_ring: 'প্রাপকের চাবি বদলেছে। আপনার লেখা নিরাপদ আছে; নতুন চাবিতে সিল করে আবার পাঠানো হচ্ছে।',
  wrong_cover: 'প্রাপকের তালিকা এর মধ্যে বদলেছে। আপনার লেখা নিরাপদ আছে। হালনাগাদ করে আবার পাঠান।',
  too_many_wraps: 'একবারে এত প্রাপকের কাছে পাঠানো যায় না। খসড়া নিরাপদ আছে। প্রাপক ভাগ করে পাঠান।',
  audience_mismatch: 'জারির আগেই পদের তালিকা বদলেছে। খসড়া নিরাপদ; কিছুই জারি হয়নি। প্রাপক আবার যাচাই করে জারি করুন।',
  unresolved_line: 'বিতরণের কোনো লাইনের পদ বোঝা যায়নি, তাই জারি হয়নি। খসড়া নিরাপদ। লাইনটি ঠিক করে আবার চেষ্টা করুন।',
  no_reader:
    'কোনো প্রাপক পদের পক্ষে পড়ার কেউ নেই, রেকর্ড কক্ষেও নয়, তাই জারি হয়নি। খসড়া নিরাপদ। পরিচালককে রেকর্ড কক্ষে পদায়ন করতে বলুন।',
  unknown_kind: 'এ ধরনের কাজ এখনও চেনা নেই। কিছু হারায়নি। স্মারক হালনাগাদ করে আবার চেষ্টা করুন।',
  bad_input: 'কোনো একটি ঘরের তথ্য ঠিক নেই। আপনার লেখা নিরাপদ আছে। চিহ্নিত ঘরটি দেখে আবার দিন।',
  bad_commitment: 'পত্রের লেখা তার সিলের সঙ্গে মেলেনি, তাই দেখানো হচ্ছে না। অন্য সব পত্র অক্ষত। প্রেরককে জানান।',
  disk_full: 'সার্ভারে জায়গা নেই, তাই নতুন কিছু নেওয়া হচ্ছে না। আপনার লেখা এ যন্ত্রে নিরাপদ। পরিচালক জায়গা করলে নিজেই যাবে।',
  behind_checkpoint:
    'সার্ভারের ভাণ্ডার তার শেষ প্রমাণের চেয়ে পিছিয়ে আছে, তাই নতুন কিছু নেওয়া হচ্ছে না। আপনার লেখা এ যন্ত্রে নিরাপদ। পরিচালক ঠিক করলে নিজেই যাবে।',
  bad_holidays: 'ছুটির তালিকায় {n}টি ভুল আছে, তাই নেওয়া হয়নি। আগের তালিকা চালু আছে। চিহ্নিত সারিগুলো ঠিক করে আবার দিন।',
  file_missing: 'একটি ফাইল এখনও পুরো পৌঁছায়নি। উত্তর ও ফাইল এ যন্ত্রে নিরাপদ আছে। সংযোগ পেলে নিজেই আবার যাবে।',
  not_subordinate: '{count}টি পদ আপনার অধীনস্থ নয়, তাই পাঠানো হয়নি। খসড়া নিরাপদ আছে। পদগুলো বাদ দিয়ে আবার পাঠান।',
  due_after_parent: 'আপনার নিজের সময়সীমার পরে সময় দেওয়া যায় না। খসড়া নিরাপদ আছে। আগের একটি তারিখ দিন।',
  due_past: 'সময়সীমাটি পার হয়ে গেছে, তাই পাঠানো হয়নি; প্রাপক জানার আগেই বিলম্বিত হতেন। লেখা নিরাপদ আছে। সামনের একটি তারিখ দিন।',
  no_due: 'এ নির্দেশনার কোনো সময়সীমা নেই, তাই বাড়ানোর কিছু নেই। কিছু বদলায়নি।',
  not_later: 'নতুন সময় আগের সময়ের পরে হতে হবে। কিছু বদলায়নি। পরের একটি তারিখ দিন।',
  reminded_today: 'আজ একবার তাগিদ দেওয়া হয়েছে। সেটি রেকর্ডে আছে। আগামীকাল আবার দেওয়া যাবে।',
  approval_needed: 'এ পদের পত্র অনুমোদন ছাড়া জারি হয় না। খসড়া নিরাপদ আছে। অনুমোদনের জন্য পাঠান।',
  not_your_turn: 'আপনার আগে আরেকজনের অনুমোদন বাকি। খসড়া নিরাপদ আছে। তাঁর অনুমোদনের পর আপনার কাছে আসবে।',
  ticket_wrong: 'কোডটি মেলেনি। কোনো চেষ্টা নষ্ট হয়নি। ২০টি অক্ষর দেখে আবার লিখুন।',
  ticket_used: 'কোডটি আগেই ব্যবহার হয়েছে। আপনার পদের সব তথ্য নিরাপদ। যে দপ্তর কোড দিয়েছে সেখান থেকে নতুন কোড নিন।',
  ticket_expired: 'কোডের মেয়াদ শেষ। আপনার পদের সব তথ্য নিরাপদ। যে দপ্তর কোড দিয়েছে সেখান থেকে নতুন কোড নিন।',
  ticket_unapproved:
    'কোডটিতে এখনও দ্বিতীয় অনুমোদন নেই, কারণ আপনি আগে একবার যুক্ত হয়েছিলেন। কিছু বদলায়নি। যে দপ্তর কোড দিয়েছে তাদের অনুমোদন নিতে বলুন।',
  ticket_not_needed: 'আপনার একটি যন্ত্র আগেই যুক্ত আছে। কিছু বদলায়নি। সেই যন্ত্র থেকে নতুন যন্ত্র যুক্ত করুন।',
  key_taken:
    'এ যন্ত্রের নতুন চাবি আগেই অন্য যন্ত্রের নামে রেকর্ডে আছে, তাই যন্ত্রটি যুক্ত হয়নি ও চাবিটি আর ব্যবহার হবে না। কোডটি এখনও ব্যবহার হয়নি। একই কোডে আবার যুক্ত করুন: নতুন চাবি তৈরি হবে। আবারও এমন হলে পরিচালককে জানান।',
  session_expired: 'কিছুক্ষণ ব্যবহার না হওয়ায় সংযোগ বন্ধ হয়েছে। আপনার লেখা নিরাপদ আছে। আবার খুলুন।',
  too_fast: 'খুব দ্রুত অনেকবার চেষ্টা হয়েছে। আপনার লেখা নিরাপদ আছে। এক মিনিট পরে আবার চেষ্টা করুন।',
  offline: 'সংযোগ নেই। আপনার লেখা এ যন্ত্রে আছে। সংযোগ পেলে নিজেই যাবে।',
  no_key_storage: 'ব্যক্তিগত উইন্ডোতে চাবি রাখা যায় না। কিছু হারায়নি। সাধারণ উইন্ডোতে খুলুন।',
  old_browser: 'এ ব্রাউজার পুরোনো, তাই চাবি বানাতে পারে না। আপনার কোড এখনও ব্যবহার হয়নি। Chrome হালনাগাদ করে আবার খুলুন।',
  in_app_browser: 'এ অ্যাপের ভেতরে চাবি রাখা যায় না। আপনার কোড এখনও ব্যবহার হয়নি। লিংকটি কপি করে Chrome-এ খুলুন।',
  newer_version: 'এটি স্মারকের নতুন সংস্করণে লেখা। আপনার লেখা নিরাপদ আছে। নতুন করে খুলে হালনাগাদ করুন।',
  already_done: 'কাজটি আগেই হয়ে গেছে। আগেরটি রেকর্ডে আছে; আর কিছু করতে হবে না।',
  wrong_state: 'এ অবস্থায় কাজটি করা যায় না; হয়তো এর মধ্যে কিছু বদলেছে। কিছু হারায়নি। নতুন অবস্থা দেখে ঠিক করুন।',
  directive_ended: 'পত্রটি এর মধ্যে বাতিল হয়েছে বা বদলেছে, তাই এটি যায়নি। আপনার লেখা এখানে আছে। নতুন পত্র থাকলে সেখানে উত্তর দিন।',
  insecure_page: 'ঠিকানাটি নিরাপদ নয়, তাই ব্রাউজার এখানে চাবি রাখতে দেয় না। কিছু পাঠানো হয়নি। https দিয়ে শুরু হওয়া ঠিকানায় খুলুন।',
  bad_proof: 'সার্ভারের দেওয়া তথ্য প্রমাণের সঙ্গে মেলে না, তাই দেখানো হয়নি। আগের সব অক্ষত আছে। আবার চেষ্টা করুন; না হলে পরিচালককে জানান।',
  rollback:
    'সার্ভার পুরোনো অবস্থা দেখাচ্ছে, তাই নতুন কিছু নেওয়া হয়নি। আগে যা এসেছে অক্ষত আছে। সার্ভার কিছু হারিয়ে থাকলে এ যন্ত্র নিজেই তা ফেরত দেয়। পরিচালককে জানান।',
  forked: 'সার্ভার আগের চেয়ে অন্য ইতিহাস দেখাচ্ছে, তাই কিছুই নেওয়া হয়নি। আগে যা এসেছে অক্ষত আছে। পরিচালককে এখনই জানান।',
  wrong_root:
    'এ সার্ভার কোডে বলা সেবা নয়। কোডটি ব্যবহার হয়নি, কিছু পাঠানো হয়নি। ঠিকানাটি দেখে আবার চেষ্টা করুন; না হলে কোডদাতা দপ্তরকে জানান।',
  no_service: 'এ সার্ভারে এখনও কোনো সেবা তৈরি হয়নি। কোডটি ব্যবহার হয়নি। ঠিকানাটি দেখুন, বা পরে আবার চেষ্টা করুন।',
  profile_busy: 'এ প্রোফাইল অন্য একটি নির্দেশে ব্যবহার হচ্ছে। কিছু বদলায়নি। সেটি শেষ হলে আবার চেষ্টা করুন।',
  database_unavailable: 'সার্ভারের ভাণ্ডার এখন সাড়া দিচ্ছে না। আপনার লেখা এ যন্ত্রে নিরাপদ। একটু পরে নিজেই যাবে।',
  bad_phone: 'মোবাইল নম্বরটি ঠিক নয়, তাই রাখা হয়নি। আগের নম্বর অক্ষত আছে। ১১ অঙ্কের নম্বরটি দেখে আবার লিখুন।',
  bad_mail: 'ই-মেইল ঠিকানাটি ঠিক নয়, তাই রাখা হয়নি। আগের ঠিকানা অক্ষত আছে। দেখে আবার লিখুন।',
  bad_push_endpoint: 'ব্রাউজারের দেওয়া নোটিফিকেশনের ঠিকানাটি এ সার্ভার চেনে না। কিছু বদলায়নি। অন্য ব্রাউজারে খুলুন, বা পরিচালককে জানান।',
  channel_off: 'এ পথে বার্তা পাঠানো এ সেবায় চালু নেই। কিছু বদলায়নি। অন্য পথ বেছে নিন, বা পরিচালককে জানান।',
  channel_failed: 'পরীক্ষামূলক বার্তাটি পাঠানো যায়নি। ঠিকানাটি রাখা আছে। একটু পরে আবার চেষ্টা করুন।',
  wrong_code: 'কোডটি মেলেনি বা তার মেয়াদ শেষ। ঠিকানাটি রাখা আছে। নতুন কোড চেয়ে আবার চেষ্টা করুন।',
  too_many_contacts: 'এ পথে আর ঠিকানা রাখা যায় না। আগেরগুলো অক্ষত আছে। একটি সরিয়ে আবার যোগ করুন।',
  bad_contacts: 'যোগাযোগের ফাইলে {n}টি ভুল আছে, তাই কিছুই নেওয়া হয়নি। ভুলগুলো ঠিক করে আবার দিন।',
  vapid_key_unreadable: 'নোটিফিকেশনের চাবির ফাইল পড়া যায়নি। কোনো তথ্য হারায়নি। কপি থেকে ফাইলটি ফিরিয়ে দিন।',
  internal: 'সার্ভারে একটি ত্রুটি হয়েছে। আপনার লেখা নিরাপদ আছে। একটু পরে আবার চেষ্টা করুন; না হলে পরিচালককে জানান।',
  load_failed: 'আনা যায়নি। আপনার লেখা নিরাপদ আছে।',
  device_full: 'যন্ত্রে জায়গা নেই। পুরোনো ছবি সরালে চলবে; কোনো উত্তর মোছা হয়নি।',
  clock_ahead: 'যন্ত্রের ঘড়ি {span} এগিয়ে; সময় ঠিক করুন।',
  clock_behind: 'যন্ত্রের ঘড়ি {span} পিছিয়ে; সময় ঠিক করুন।',
  issue_pending: 'পত্র পাঠানো হয়েছে, এখনও গৃহীত হওয়ার খবর আসেনি। খসড়া নিরাপদ আছে; সংযোগ পেলে নিজেই শেষ হবে। আবার জারি করবেন না।',
  cannot_open: 'এ যন্ত্রে পত্রটি খোলার চাবি নেই। পত্রটি অক্ষত আছে। ঊর্ধ্বতনের যন্ত্র সংযোগ পেলে চাবি নিজেই আসবে।',
  no_key: 'এ যন্ত্রে পত্রটি খোলার চাবি নেই। পত্রটি অক্ষত আছে। ঊর্ধ্বতনের যন্ত্র সংযোগ পেলে চাবি নিজেই আসবে।',
  no_cover: 'প্রাপকের চাবি যাচাই করা যায়নি, তাই কিছু পাঠানো হয়নি। আপনার লেখা নিরাপদ আছে। একটু পরে আবার চেষ্টা করুন।',
  wrong_members: 'চাবির তালিকা পদের তালিকার সঙ্গে মেলেনি, তাই গ্রহণ করা হয়নি। কিছু হারায়নি। একটু পরে নিজেই আবার চেষ্টা হবে।',
  wrong_seed: 'একটি চাবি তার নিবন্ধনের সঙ্গে মেলেনি, তাই ব্যবহার করা হয়নি। আগের চাবি অক্ষত আছে। নতুন চাবি নিজেই তৈরি হবে।',
  bad_note: 'সার্ভারের প্রমাণপত্রের স্বাক্ষর মেলেনি, তাই কিছু বিশ্বাস করা হয়নি। আগের সব নিরাপদ আছে। দপ্তরের পরিচালককে জানান।',
  bad_tile: 'প্রমাণের একটি অংশ পড়া যায়নি। আগের সব নিরাপদ আছে। আবার চেষ্টা করুন; না হলে পরিচালককে জানান।',
  bad_policy: 'যাচাইয়ের নিয়মের ফাইলে ভুল আছে। কিছু বদলায়নি। চিহ্নিত লাইনটি ঠিক করুন।',
  not_witnessed: 'প্রমাণে যথেষ্ট সাক্ষীর স্বাক্ষর নেই, তাই মানা হয়নি। কিছু হারায়নি। সাক্ষীদের স্বাক্ষরসহ নতুন প্রমাণ চান।',
  locked: 'স্মারক তালাবদ্ধ। আপনার লেখা নিরাপদ আছে। পিন দিয়ে খুলুন।',
  wrong_pin: 'পিন মেলেনি। কিছু হারায়নি। আবার দিন; ভুলে গেলে তালার পাতায় উপায় আছে।',
  pin_wait: 'পরপর কয়েকবার পিন মেলেনি। কিছু হারায়নি। একটু অপেক্ষা করে আবার দিন।',
  authenticator_failed: 'যন্ত্র আপনাকে চিনতে পারেনি। কিছু হারায়নি। আবার চেষ্টা করুন, বা পিন দিন।',
  log_moved: 'আরেকটি সার্ভার এ ভাণ্ডারে লিখেছে, তাই এটি আর লেখে না। আপনার লেখা এ যন্ত্রে আছে; পরিচালক সার্ভার আবার চালু করলে নিজেই যাবে।',
  file_too_large: 'ফাইলগুলো মিলে ১৬ মেগাবাইটের বেশি, বা ছবিটি খুব বড়। আপনার লেখা এ যন্ত্রে আছে। ছোট করে বা ভাগ করে দিন।',
  file_altered: 'ফাইলটি তার সিলের সঙ্গে মেলেনি, তাই খোলা হয়নি। উত্তরটি অক্ষত আছে। আবার নামান; না হলে প্রেরককে জানান।',
  file_quota:
    'আপনার আগে পাঠানো কিছু ফাইল এখনও কোনো উত্তরে যুক্ত হয়নি, তাই নতুন ফাইল নেওয়া যায়নি। আপনার লেখা নিরাপদ আছে। অপেক্ষায় থাকা উত্তরগুলো আগে যেতে দিন, তারপর আবার চেষ্টা করুন।',
  not_a_picture: 'এটি ছবি নয়, বা নষ্ট ছবি; যুক্ত হয়নি। আপনার লেখা নিরাপদ আছে। অন্য ছবি দিন, বা এটি ফাইল হিসেবে দিন।',
  heic_unreadable:
    'এ ব্রাউজার আইফোনের HEIC ছবি পড়তে পারে না; যুক্ত হয়নি। আপনার লেখা নিরাপদ আছে। ছবিটি JPEG করে দিন, বা স্ক্রিনশট দিন।',
} as const

export const en: SameShape<typeof bn> = {
  bad_bytes: 'What was sent could not be read. Your text is safe on this device. Open Smarak afresh and try again.',
  too_large: 'The text or file is too large. Your draft is on this device. Shorten or split it and send again.',
  bad_signature:
    'The signature does not fit, so nothing was accepted. Your text is safe. Send again; if it fails, join this device anew.',
  unknown_device: 'This device is not known. Your draft is on this device. Join it with an enrolment code.',
  revoked_device:
    'This device has been shut off; nothing more can be sent from it. Your earlier answers are on record. Ask for a new enrolment code.',
  not_allowed:
    'This cannot be done from your present post. Nothing has changed. Choose another post, or tell the office above.',
  not_found: 'This was not found. Nothing of yours is lost. Check the address and search again.',
  conflict: 'This was already accepted in another form. The first one stands. Look at it and decide again.',
  still_in_use:
    '“{code}” is still there, so nothing was abolished and nothing has changed. First end its charges and abolish what is below it.',
  stale_ring:
    'The key of the addressee has changed. Your text is safe; it is being sealed to the new key and sent again.',
  wrong_cover: 'The list of readers has changed meanwhile. Your text is safe. Refresh and send again.',
  too_many_wraps: 'Too many addressees at once. The draft is safe. Divide them and send.',
  audience_mismatch:
    'The posts changed before issue. The draft is safe and nothing was issued. Check the addressees and issue again.',
  unresolved_line:
    'A line of the distribution could not be understood, so nothing was issued. The draft is safe. Correct the line and try again.',
  no_reader:
    'For an addressed post there is nobody to read, not even in the record room, so nothing was issued. The draft is safe. Ask the operator to appoint somebody to the record room.',
  unknown_kind: 'This kind of act is not known yet. Nothing is lost. Update Smarak and try again.',
  bad_input: 'Something in one of the fields is not right. Your text is safe. Look at the marked field and try again.',
  bad_commitment:
    'The text of this letter does not match its seal, so it is not shown. All other letters are intact. Tell the sender.',
  disk_full:
    'The server has no room left, so nothing new is taken. Your text is safe on this device and goes by itself once the operator has made room.',
  behind_checkpoint:
    'The store of the server is behind its last proof, so nothing new is taken. Your text is safe on this device and goes by itself once the operator has mended it.',
  bad_holidays:
    'The list of holidays has {n:mistake|mistakes}, so it was not taken. The list before it stays in use. Correct the lines named and give it again.',
  file_missing:
    'A file has not arrived whole yet. The answer and the file are safe on this device. It goes again by itself when there is a connection.',
  not_subordinate:
    '{count} posts are not below yours, so nothing was sent. The draft is safe. Take those posts out and send again.',
  due_after_parent: 'You cannot give time beyond your own due date. The draft is safe. Choose an earlier date.',
  due_past:
    'That due date has passed, so nothing was sent: whoever gets it would be late before reading it. Your text is safe. Choose a date ahead.',
  no_due: 'This directive has no due date, so there is nothing to extend. Nothing changed.',
  not_later: 'The new time must be after the old one. Nothing changed. Choose a later date.',
  reminded_today: 'A reminder went out within the last day. It is on record. You can send another tomorrow.',
  approval_needed: 'Letters of this post are not issued without approval. The draft is safe. Send it for approval.',
  not_your_turn: 'Somebody else approves before you. The draft is safe. It comes to you after that approval.',
  ticket_wrong: 'The code does not match. No attempt is lost. Check the 20 characters and type them again.',
  ticket_used: 'This code was used before. Everything of your post is safe. Ask the office that gave it for a new one.',
  ticket_expired: 'This code has expired. Everything of your post is safe. Ask the office that gave it for a new one.',
  ticket_unapproved:
    'This code still wants a second approval, because you joined once before. Nothing has changed. Ask the office that gave it to have it approved.',
  ticket_not_needed: 'You already have a device. Nothing has changed. Add the new device from that one.',
  key_taken:
    'The new key of this device stands on record as that of another, so the device was not joined and the key will not be used. Your code has not been used. Join again with it: fresh keys are made. If it happens again, tell the operator.',
  session_expired: 'The connection closed after a time without use. Your text is safe. Open it again.',
  too_fast: 'Too many attempts in a short time. Your text is safe. Try again in a minute.',
  offline: 'No connection. Your text is on this device. It goes by itself when there is a connection.',
  no_key_storage: 'A private window cannot keep keys. Nothing is lost. Open it in an ordinary window.',
  old_browser:
    'This browser is too old to make the keys. Your code has not been used. Update Chrome and open it again.',
  in_app_browser:
    'Keys cannot be kept inside this app. Your code has not been used. Copy the link and open it in Chrome.',
  newer_version: 'This was written by a newer Smarak. Your text is safe. Open afresh to update.',
  already_done: 'This was done before. The first is on record; nothing more is needed.',
  wrong_state:
    'This cannot be done in the present state; something may have changed meanwhile. Nothing is lost. Look at it anew and decide.',
  directive_ended:
    'The letter was cancelled or superseded meanwhile, so this was not sent. Your text is here. If there is a new letter, answer that.',
  insecure_page:
    'This address is not secure, so the browser keeps no keys here. Nothing was sent. Open an address that begins with https.',
  bad_proof:
    'What the server gave does not fit its proof, so it is not shown. Everything from before is intact. Try again; if it fails, tell the operator.',
  rollback:
    'The server shows an older state than before, so nothing new was taken. What came before is intact. If the server has lost anything, this device gives it back by itself. Tell the operator.',
  forked:
    'The server shows another history than before, so nothing was taken. What came before is intact. Tell the operator at once.',
  wrong_root:
    'This server is not the service your code names. The code was not used and nothing was sent. Check the address and try again, or tell the office that gave the code.',
  no_service: 'There is no service on this server yet. The code was not used. Check the address, or try again later.',
  profile_busy: 'Another command is using this profile. Nothing has changed. Try again when it has ended.',
  database_unavailable:
    'The store of the server does not answer now. Your text is safe on this device and goes by itself in a while.',
  bad_phone:
    'The mobile number is not right, so it was not kept. The earlier one is intact. Check the 11 digits and type them again.',
  bad_mail:
    'The e-mail address is not right, so it was not kept. The earlier one is intact. Check it and type it again.',
  bad_push_endpoint:
    'The notification address this browser gave is unknown to this server. Nothing has changed. Open it in another browser, or tell the operator.',
  channel_off: 'This service does not send by this way. Nothing has changed. Choose another, or tell the operator.',
  channel_failed: 'The test message could not be sent. The address is kept. Try again in a while.',
  wrong_code: 'The code does not match or has expired. The address is kept. Ask for a new code and try again.',
  too_many_contacts: 'No more addresses can be kept here. The others are intact. Remove one and add it again.',
  bad_contacts:
    'The file of contacts has {n:fault|faults}, so nothing of it was taken. Correct them and give it again.',
  vapid_key_unreadable:
    'The key file of the notifications could not be read. No data is lost. Put the file back from its copy.',
  internal:
    'Something went wrong on the server. Your text is safe. Try again in a while; if it fails, tell the operator.',
  load_failed: 'It could not be fetched. Your text is safe.',
  device_full: 'This device is full. Removing old pictures is enough; no answer was deleted.',
  clock_ahead: 'The clock of this device is {span} ahead; set the time.',
  clock_behind: 'The clock of this device is {span} behind; set the time.',
  issue_pending:
    'The letter was sent and its acceptance is not known yet. The draft is safe and finishes by itself when connected. Do not issue it again.',
  cannot_open:
    'This device has no key to this letter yet. The letter is intact. The key comes by itself when a superior’s device is connected.',
  no_key:
    'This device has no key to this letter yet. The letter is intact. The key comes by itself when a superior’s device is connected.',
  no_cover:
    'The key of an addressee could not be proven, so nothing was sent. Your text is safe. Try again in a while.',
  wrong_members:
    'The members of a key are not those of the directory, so it was not accepted. Nothing is lost. It is tried again by itself.',
  wrong_seed:
    'A key does not fit its registration and was not used. The earlier one is intact. A new one is made by itself.',
  bad_note:
    'The signature of the server’s proof does not fit, so nothing of it was believed. All that was here before is safe. Tell the operator.',
  bad_tile: 'A part of the proof could not be read. All that was here before is safe. Try again, or tell the operator.',
  bad_policy: 'The file of rules for checking has a fault. Nothing has changed. Correct the line that is named.',
  not_witnessed:
    'The proof lacks the signatures of enough witnesses and was not accepted. Nothing is lost. Ask for a proof with them.',
  locked: 'Smarak is locked. Your text is safe. Open it with the PIN.',
  wrong_pin: 'The PIN does not match. Nothing is lost. Try again; if it is forgotten, the lock screen shows the way.',
  pin_wait: 'The PIN was wrong several times in a row. Nothing is lost. Wait a little and try again.',
  authenticator_failed: 'The device did not recognise you. Nothing is lost. Try again, or use the PIN.',
  log_moved:
    'Another server has written to this store, so this one writes no more. Your text is on this device and goes by itself once the operator has restarted it.',
  file_too_large:
    'The files are above 16 megabytes together, or the picture is too large. Your text is on this device. Make it smaller or divide it.',
  file_altered:
    'The file does not match its seal and was not opened. The answer is intact. Fetch it again; if it fails, tell the sender.',
  file_quota:
    'Files you sent earlier do not belong to any answer yet, so no new one was taken. Your text is safe. Let the waiting answers go first, then try again.',
  not_a_picture:
    'This is not a picture, or a damaged one; it was not added. Your text is safe. Choose another picture, or add it as a file.',
  heic_unreadable:
    'This browser cannot read HEIC pictures of an iPhone; it was not added. Your text is safe. Give it as JPEG, or give a screenshot.',
}
