import type {
  AboutRow,
  Answer,
  ClauseAsk,
  DirectiveDetail,
  DirectiveRow,
  Door,
  DraftView,
  HeldPost,
  IssueDraft,
  ListedPost,
  OutboxEntry,
  Part,
  PostName,
  Smarak,
} from '../../client/views.ts'
import { country } from '../../features/directory/country/country.ts'
import { knownPosts } from '../../features/directory/country/known-posts.ts'
import { offeredPeople } from '../../features/directory/country/staff.ts'
import { PLAIN_CALENDAR } from '../../language/working-time.ts'
import { letterParts } from '../../letters/parts.ts'
import { readLetter } from '../../letters/read.ts'
import order from '../../test/fixtures/mopa-2024-10-22.txt?raw'
import { sampleApi } from './sample-api.ts'
import { sampleBoard, sampleCurve } from './sample-board.ts'
import {
  followEnclosed,
  followEnclosedProof,
  followParts,
  followRows,
  followThread,
  manyRows,
} from './sample-follow.ts'
import { sampleFollowing } from './sample-following.ts'
import { sampleAsked, sampleReach, sampleValues } from './sample-totals.ts'

const plan = country()
export const known = knownPosts(plan)
const byId = new Map(known.map((post) => [post.id, post]))
const holders = new Map(plan.people.flatMap((person) => person.posts.map((held) => [held.post, { person, held }])))
const above = new Map(plan.posts.map(({ code, supervisor }) => [code, supervisor ?? null]))
const listed: ListedPost[] = known.map((post) => {
  const { person } = holders.get(post.id) ?? {}
  return {
    ...post,
    supervisor: above.get(post.id) ?? null,
    ...(person && { person: person.code, holder: { bn: person.bn, en: person.en } }),
  }
})
const hour = 3_600_000
const day = 24 * hour

export function postName(id: string): PostName {
  const post = byId.get(id)!
  const holder = holders.get(id)
  return {
    id,
    title: post.title,
    office: post.officeName,
    ...(post.placeName && { place: post.placeName }),
    ...(holder && { holder: { bn: holder.person.bn, en: holder.person.en } }),
    ...(holder && holder.held.charge !== 'regular' && { charge: holder.held.charge }),
    vacant: !holder,
    joined: Boolean(holder),
  }
}

const posts: Record<string, string[]> = {
  uno: ['uno-558573'],
  dc: ['dc-5585', 'uno-558527'],
  issuer: ['mopa-ds-internal-admin'],
  twice: ['mopa-ds-senior-appointment-2', 'mopa-ds-internal-admin'],
  ps: ['mopa-ps'],
  analyst: ['pacc-ssa'],
  empty: ['uno-558573'],
  locked: ['uno-558573'],
  busy: ['uno-558573'],
  many: ['uno-558573'],
  full: ['uno-558573'],
}

const reading = readLetter(order)
const parts: Part[] = letterParts(reading).map(({ label, text }) => ({ label, value: text }))
const asks: ClauseAsk[] = [
  { label: '', ask: 'acknowledge' },
  { label: 'খ', ask: 'standing' },
  { label: 'গ', ask: 'once' },
]

/** A letter before its approvers, in every state of it: of the issuer; and before the deputy commissioner. */
function sampleDrafts(who: string, now: number): DraftView[] {
  if (who !== 'issuer' && who !== 'dc') return []
  const others = known
    .filter(({ id, vacant }) => id.startsWith('mopa-') && !vacant && id !== 'mopa-ds-internal-admin')
    .slice(0, 2)
  const [joint, senior] = [postName(others[0]!.id), postName(others[1]!.id)]
  const mine = posts[who]![0]!
  const base: DraftView = {
    id: 'f1',
    post: postName('mopa-ds-internal-admin'),
    memo: '০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১৩৫০',
    subject: 'মাঠ প্রশাসনে জরুরি যোগাযোগের প্রস্তুতি প্রসঙ্গে',
    at: now - 4 * hour,
    approvers: [
      { post: joint, state: 'approved', at: now - 3 * hour, reason: 'অনুচ্ছেদ (গ) ভালো হয়েছে।' },
      { post: who === 'dc' ? postName('dc-5585') : senior, state: 'next' },
    ],
    mine,
    role: who === 'dc' ? 'approver' : 'drafter',
    mineToDo: who === 'dc',
    approved: false,
    returned: false,
  }
  if (who === 'dc')
    return [base, { ...base, id: 'f5', approved: true, mineToDo: false, directive: 'd1', subject: reading.subject }]
  return [
    base,
    {
      ...base,
      id: 'f2',
      subject: reading.subject,
      mineToDo: true,
      approved: true,
      approvers: [
        { post: joint, state: 'approved', at: now - 3 * hour },
        { post: senior, state: 'approved', at: now - hour, reason: 'জারি করা যেতে পারে।' },
      ],
    },
    {
      ...base,
      id: 'f3',
      mineToDo: true,
      returned: true,
      approvers: [
        { post: joint, state: 'returned', at: now - 2 * hour, reason: 'তারিখ মিলিয়ে দেখুন; বিতরণে বিভাগীয় কমিশনার নেই।' },
        { post: senior, state: 'waiting' },
      ],
    },
    { ...base, id: 'f4', approved: true, directive: 'd1', subject: reading.subject },
  ]
}

function sampleDraft(now: number): IssueDraft {
  return {
    post: 'mopa-ds-internal-admin',
    parts,
    summary: { memo: reading.memo.raw, subject: reading.subject, date: '2024-10-22', issuer: '' },
    lines: [{ n: 1, purpose: 0, selectors: [{ role: 'uno' }, { role: 'dc' }] }],
    clauses: asks,
    due: now + 3 * day,
    grade: 0,
    urgency: 1,
  }
}

function rowsFor(who: string, now: number): DirectiveRow[] {
  const mine = posts[who]!
  const post = mine[0]!
  if (who === 'empty') return []
  const clauses = who === 'analyst' ? [{ label: '', ask: 'once' as const }] : asks
  const base: DirectiveRow = {
    id: 'd1',
    post,
    role: who === 'issuer' ? 'issuing' : 'addressed',
    index: 1337,
    accepted: now - 3 * hour,
    issuer: postName('mopa-ds-internal-admin'),
    memo: '০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১৩৩৭',
    subject: reading.subject || 'হোয়াটসঅ্যাপসহ অন্যান্য যোগাযোগ প্রযুক্তির ব্যবহার',
    due: now + 5 * hour,
    urgency: 0,
    grade: 0,
    clauses,
    progress: 'delivered',
    owed: who === 'issuer' ? [] : clauses,
    late: false,
    line: 18,
    ...(who === 'dc' && { passedOn: ['d77'] }),
    publish: who === 'analyst',
    form: 'letter',
    changes: [],
  }
  if (who === 'issuer')
    return [
      {
        ...base,
        firstDue: now - 2 * day,
        changes: [
          { kind: 'extend', at: now - 50 * hour, due: now + 5 * hour, reason: 'বন্যার কারণে যোগাযোগ বিচ্ছিন্ন' },
          { kind: 'remind', at: now - 30 * hour, reason: 'জরুরি ভিত্তিতে জানান।' },
          {
            kind: 'amend',
            at: now - 2 * hour,
            reason: 'সময়ের উল্লেখ ছিল না',
            parts: [{ label: 'clause:গ', value: 'দিনে তিনবার মেসেজ পরীক্ষা করতে হবে;' }],
          },
        ],
      },
      {
        ...base,
        id: 'd9',
        index: 1200,
        accepted: now - 9 * day,
        cancelled: { reason: 'ভুল প্রাপকের কাছে গিয়েছিল', at: now - 8 * day },
      },
    ]
  const said = { dc: postName('dc-5585'), issuer: postName('mopa-ds-internal-admin'), me: post, person: 'me' }
  if (who === 'busy') return followRows({ ...base, line: 3 }, now, said)
  if (who === 'many') return manyRows(base, now)
  return [
    { ...base, ...(who === 'dc' && { overseen: true }) },
    {
      ...base,
      id: 'd2',
      index: 1300,
      accepted: now - 8 * day,
      due: now - 4 * day,
      late: true,
      urgency: 1,
      progress: 'acknowledged',
      owed: [{ label: 'গ', ask: 'once' }],
      subject: 'রাষ্ট্রীয় ষ্ট্রূ ও র্কিঁ যুক্তাক্ষরসহ ক্ষতিগ্রস্ত বাঁধ সংস্কারের অগ্রগতি প্রতিবেদন প্রেরণ প্রসঙ্গে দ্বিতীয় তাগিদপত্র',
      issuer: postName('divcom-55'),
    },
    {
      ...base,
      id: 'd3',
      index: 1310,
      accepted: now - 2 * day,
      due: now + 3 * day,
      progress: 'opened',
      owed: [{ label: '', ask: 'acknowledge' }],
      subject: 'জাতীয় দিবস উদ্‌যাপনের প্রস্তুতি সভার কার্যবিবরণী',
      issuer: postName('dc-5585'),
      ...(mine[1] && { post: mine[1] }),
    },
    {
      ...base,
      id: 'd4',
      index: 1320,
      accepted: now - day,
      due: null,
      clauses: ['', 'ক', 'খ', 'গ'].map((label) => ({ label, ask: 'nothing' })),
      owed: [],
      progress: 'delivered',
      subject: 'মাসিক সমন্বয় সভার বিজ্ঞপ্তি',
      issuer: postName('dc-5585'),
      grade: 1,
    },
    {
      ...base,
      id: 'd5',
      index: 1250,
      accepted: now - 20 * day,
      due: now - 12 * day,
      owed: [],
      progress: 'answered',
      said: 'done',
      subject: 'ই-নথি ব্যবহারের অগ্রগতি',
      memo: '০৫.০০.০০০০.১১০.৯৯.০০২.১৭-১২৯০',
    },
    {
      ...base,
      id: 'd6',
      index: 1330,
      accepted: now - 5 * hour,
      due: null,
      owed: [],
      cancelled: { reason: 'ভুল প্রাপকের কাছে পাঠানো হয়েছিল', at: now - 2 * hour },
      subject: 'প্রশিক্ষণে মনোনয়ন',
      progress: 'opened',
    },
    {
      ...base,
      id: 'd7',
      index: 1331,
      accepted: now - 5 * hour,
      due: null,
      unreadable: 'waiting-for-key',
      keyFrom: [postName('dc-5585'), postName('mopa-ds-internal-admin')],
      subject: '',
      memo: '',
      progress: 'delivered',
    },
    ...(who === 'dc'
      ? [{ ...base, id: 'd8', role: 'supervising' as const, owed: [], progress: 'acknowledged' as const }]
      : []),
  ]
}

export function sampleDoor(who: string, offline: boolean): Door {
  const people = offeredPeople().personas.map(({ code, name, post, why }) => ({
    code,
    name,
    post: {
      bn: `${byId.get(post)!.title.bn}, ${(byId.get(post)!.placeName ?? byId.get(post)!.officeName).bn}`,
      en: `${byId.get(post)!.title.en}, ${(byId.get(post)!.placeName ?? byId.get(post)!.officeName).en}`,
    },
    why,
  }))
  const held = heldBy('uno')
  return {
    saved: async () => (who === 'start' ? null : sample(who, offline)),
    look: async (code) => {
      await wait(300)
      if (code.startsWith('2')) throw Object.assign(new Error('no'), { code: 'ticket_wrong' })
      return {
        name: held[0]!.name.holder!,
        posts: held,
        office: { bn: 'জেলা প্রশাসকের কার্যালয়, রংপুর', en: 'Office of the Deputy Commissioner, Rangpur' },
      }
    },
    join: async () => wait(800).then(() => sample('uno', offline)),
    demoPeople: async () => (offline ? [] : people),
    become: async () => 'ABCDE',
  }
}

function heldBy(who: string): HeldPost[] {
  return posts[who]!.map((id, i) => ({
    id,
    name: postName(id),
    charge: i === 0 ? 'regular' : 'additional',
    from: '2024-03-12',
    orderMemo: '০৫.০০.০০০০.১৩০.১৯.০০১.২৪-২১২',
    count: 3 - i,
    mayIssue: who === 'issuer' || who === 'twice' || who === 'dc',
    ...(i === 1 && { arrived: true }),
  }))
}

/** A picture without a file: what the camera of a preview sees. */
function samplePicture(): Uint8Array<ArrayBuffer> {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: 640, height: 420 })
  const pen = canvas.getContext('2d')!
  for (const [colour, top, height] of [
    ['#9cc4d8', 0, 200],
    ['#b98a5a', 200, 90],
    ['#7f9a6a', 290, 130],
  ] as const) {
    pen.fillStyle = colour
    pen.fillRect(0, top, 640, height)
  }
  pen.fillStyle = '#f3efe6'
  pen.fillRect(200, 110, 240, 150)
  return Uint8Array.fromBase64(canvas.toDataURL('image/png').split(',')[1]!)
}

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms))

function sampleAbout(rows: DirectiveRow[], now: number): AboutRow[] {
  return rows.flatMap(({ id, accepted, subject, index, post }, i): AboutRow[] => {
    const about = { by: 'me' as const, directive: id, subject, post: postName(post), device: 'Chrome · Android' }
    return [
      { ...about, what: 'opened', at: accepted + hour, index: index + 7, item: `${id}-o` },
      { ...about, what: i % 2 ? 'answer' : 'acknowledged', at: accepted + 2 * hour, index: index + 9, item: `${id}-a` },
      ...(i === 0
        ? [{ what: 'appoint', by: 'office' as const, at: now - 600 * day, index: 12, item: 'p', post: postName(post) }]
        : []),
    ]
  })
}

function sample(who: string, offline: boolean): Smarak {
  const now = Date.now()
  let rows = rowsFor(who, now)
  let outbox: OutboxEntry[] = offline
    ? [
        { id: 'o1', what: 'answer', title: 'দ্বিতীয় তাগিদপত্র', at: now - hour, state: 'waiting' },
        {
          id: 'o2',
          what: 'acknowledge',
          title: 'মাসিক সভা',
          at: now - 2 * hour,
          state: 'attention',
          code: 'directive_ended',
        },
      ]
    : []
  const threads = new Map<string, Answer[]>()
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of listeners) listener()
  }
  const me = who === 'empty' ? 'uno' : who
  const by = postName(posts[who]![0]!)
  threads.set('d5', [
    {
      by,
      person: by.holder!,
      clauses: ['খ', 'গ'],
      state: 'progress',
      until: now - 13 * day,
      note: 'কাজ চলছে।',
      accepted: now - 15 * day,
      clientTime: now - 15 * day,
    },
    {
      by,
      person: by.holder!,
      clauses: ['খ', 'গ'],
      state: 'done',
      until: null,
      note: 'সকল শাখায় ই-নথি চালু হয়েছে।\nগত মাসে ৩৪২টি নথি নিষ্পন্ন।',
      accepted: now - 13 * day,
      clientTime: now - 13 * day,
      clockOff: 2 * hour,
    },
  ])
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  if (who === 'busy') {
    const bytes = samplePicture()
    files.set('picture', bytes)
    const about = { name: 'আশ্রয়কেন্দ্র.jpg', type: 'image/png', size: 180_000, key: 'picture', chunks: ['picture'] }
    const picture = { ...about, taken: now - 3 * hour, place: [25.6512, 89.4123] as [number, number] }
    threads.set('f-fields', followThread(now, by, postName('dc-5585'), picture))
  }
  let unlocked = who !== 'locked'
  let tries = 0
  const drafts = new Map<string, unknown>()

  function change(id: string, update: Partial<DirectiveRow>) {
    rows = rows.map((row) => (row.id === id ? { ...row, ...update } : row))
    tell()
  }
  function send(entry: Omit<OutboxEntry, 'at' | 'state'>) {
    outbox = [...outbox, { ...entry, at: Date.now(), state: 'waiting', undoUntil: Date.now() + 5000 }]
    tell()
    setTimeout(() => {
      if (!offline) outbox = outbox.filter(({ id }) => id !== entry.id)
      tell()
    }, 5000)
  }
  return {
    get me() {
      return {
        person: { id: 'me', name: by.holder! },
        posts: heldBy(me).map((post) => ({ ...post, count: who === 'empty' ? 0 : post.count })),
      }
    },
    get connection() {
      return {
        online: !offline,
        slow: false,
        lastSync: now - (offline ? 3 * hour : 60_000),
        sending: null,
        clockOff: 0,
        ...(who === 'full' && { full: true as const }),
      }
    },
    get outbox() {
      return outbox
    },
    get rows() {
      return rows
    },
    demo: true,
    following: sampleFollowing(
      send,
      sampleDrafts(who, now),
      () => sampleDraft(now),
      who === 'issuer' ? ['mopa-as-admin'].filter((id) => byId.has(id)) : [],
    ),
    get locked() {
      return !unlocked
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    sync: async () => {},
    open: async (id) => {
      const row = rows.find((each) => each.id === id)
      if (!row) throw Object.assign(new Error('no'), { code: 'not_found' })
      const detail: DirectiveDetail = {
        ...row,
        parts: id === 'd4' && offline ? null : me === 'issuer' ? [...parts, sampleAsked] : followParts(id, parts),
        ...(id === 'f-passed' && { enclosed: followEnclosed(parts, postName('mopa-ds-internal-admin'), now) }),
        thread: threads.get(id) ?? [],
        openedAt: now - hour,
      }
      return detail
    },
    shown: async (id) => {
      const row = rows.find((each) => each.id === id)
      if (row?.progress === 'delivered')
        setTimeout(() => {
          if (rows.find((each) => each.id === id)?.progress === 'delivered') change(id, { progress: 'opened' })
        }, 500)
    },
    addFile: async ({ name, type, bytes, taken = null, place = null }) => {
      const whole = bytes instanceof Blob ? new Uint8Array(await bytes.arrayBuffer()) : bytes
      const key = `file ${files.size}`
      files.set(key, whole)
      return { name, type, size: whole.length, key, chunks: [key], taken, place }
    },
    forgetFile: async ({ key }) => void files.delete(key),
    fetchFile: async ({ key, size }, progress) => {
      progress?.(size, size)
      return files.get(key) ?? new Uint8Array(size)
    },
    acknowledge: async (id) => {
      send({ id: `a${id}`, what: 'acknowledge', title: rows.find((row) => row.id === id)!.subject })
      change(id, {
        progress: 'acknowledged',
        owed: rows.find((row) => row.id === id)!.owed.filter(({ ask }) => ask !== 'acknowledge'),
      })
      return `a${id}`
    },
    answer: async ({ directive, clauses, state, until, note, values, files }) => {
      const id = `b${Math.random()}`
      threads.set(directive, [
        ...(threads.get(directive) ?? []),
        {
          by,
          person: by.holder!,
          clauses,
          state,
          until,
          note,
          ...(values && { values }),
          ...(files && { files }),
          accepted: null,
          clientTime: Date.now(),
        },
      ])
      send({ id, what: 'answer', title: rows.find((row) => row.id === directive)!.subject })
      if (clauses.length > 0 && state !== 'progress' && state !== 'problem')
        change(directive, { progress: 'answered', owed: [], late: false })
      else tell()
      return id
    },
    undo: async (id) => {
      outbox = outbox.filter((entry) => entry.id !== id)
      tell()
      return true
    },
    retry: async () => {},
    discard: async (id) => {
      outbox = outbox.filter((entry) => entry.id !== id)
      tell()
    },
    names: async () => listed,
    calendar: async () => PLAIN_CALENDAR,
    workday: async () => ({ calendar: PLAIN_CALENDAR, checks: [600, 780, 960] }),
    issue: async (draft, progress) => {
      for (let i = 0; i <= 560; i += 40) {
        await wait(60)
        progress(i, 560)
      }
      rows = [
        {
          ...rowsFor('issuer', Date.now())[0]!,
          id: 'd99',
          index: 2000,
          accepted: Date.now(),
          subject: draft.summary.subject,
        },
        ...rows,
      ]
      tell()
      return { id: 'd99', index: 2000, addressees: 560 }
    },
    cancel: async (id, reason) => {
      change(id, { cancelled: { reason, at: Date.now() } })
      return 'c'
    },
    draft: async (key) => drafts.get(key) ?? null,
    saveDraft: async (key, value) => void drafts.set(key, value),
    board: async (_id, query) => sampleBoard(query),
    curve: async () => sampleCurve(),
    passedOn: async (id) =>
      rows.some((row) => row.id === id && row.passedOn)
        ? [
            {
              directive: 'd77',
              post: by.id,
              issued: now - day,
              due: now + 3 * hour,
              addressees: 8,
              acknowledged: 6,
              answered: 3,
              owing: 5,
              direct: [],
            },
          ]
        : [],
    plan: async () => ({
      planned: [
        { kind: 'reminder-due', nth: 1, at: now + 5 * hour, to: by.id, toName: null },
        { kind: 'escalation-1', nth: 1, at: now + 29 * hour, to: 'dc-5585', toName: null },
      ],
      made: [],
    }),
    attempts: async () => ({
      attempts: [
        {
          kind: 'new',
          channel: 'push',
          at: now - 3 * hour,
          outcome: 'sent',
          code: null,
          receipt: null,
          told: null,
          tries: 1,
        },
        {
          kind: 'reminder-due',
          channel: 'sms',
          at: now - hour,
          outcome: 'sent',
          code: null,
          receipt: 'delivered',
          told: now - hour + 9000,
          tries: 1,
        },
      ],
    }),
    waiting: async (ids) => ids.slice(0, 1).map((directive) => ({ directive, addressees: 64, answered: 51, late: 3 })),
    reach: async () => (who === 'dc' ? sampleReach(now) : { below: 0, posts: [], direct: [] }),
    thread: async (_id, post) => (me === 'issuer' ? sampleValues(post, now) : threads.get('d5')!),
    proof: async (id) => ({
      ...(id === 'f-passed' && { enclosed: followEnclosedProof(postName('mopa-ds-internal-admin'), now) }),
      index: 1337,
      size: 4021,
      leafHash: '9f2c1d0e55aa01b4c8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5',
      itemId: 'p2l7Q0b6T0l9q1e4v8W5s3x2z1y0',
      path: Array.from(
        { length: 11 },
        (_, i) => `${i.toString(16)}f2c1d0e55aa01b4c8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5`,
      ),
      checkpoint:
        'smarak.example/log\n4021\nq1kB0c9h3Jm0R7l2vY8s5t6u7w8x9y0z1A2B3C4D5E=\n\n— smarak.example/log Az3grlPz…\n',
      verifiedAt: Date.now(),
      root: 'a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90',
      device: 'Zk3l9Qe2Wm5Tt8Rr1Yy4Uu7Ii0Oo3Pp6Aa9Ss2Dd5F',
    }),
    devices: async () => [
      { id: 'x', label: 'Chrome · Android', added: now - 90 * day, thisOne: true, lastUsed: now },
      { id: 'y', label: 'দপ্তরের কম্পিউটার', added: now - 300 * day, thisOne: false, lastUsed: now - 4 * day },
      { id: 'z', label: 'উদ্ধার কোড', added: now - 90 * day, thisOne: false, recovery: true },
    ],
    revoke: async () => void (await wait(300)),
    recoveryCode: async () => 'K7QM-2XPD-9RTV-4HGB-W8NC',
    get arrivals() {
      return []
    },
    get guard() {
      return {
        hasPin: who !== 'empty',
        waitsUntil: tries >= 5 ? Date.now() + 30_000 : null,
        authenticator: who === 'locked' ? ('key' as const) : null,
        authenticatorOpens: who === 'locked' && !unlocked,
      }
    },
    setPin: async () => {},
    hasAuthenticator: async () => true,
    useAuthenticator: async () => {},
    unlockByAuthenticator: async () => {
      unlocked = true
      tell()
      return true
    },
    forgetDevice: async () => {},
    check: async () => {
      await wait(300)
      const way = { at: Date.now(), lastSync: now - (offline ? 3 * hour : 60_000), problem: null }
      if (offline)
        return { ...way, online: false, roundTrip: null, rate: null, clockOff: null, verified: null, live: false }
      return { ...way, online: true, roundTrip: 412, rate: 38_400, clockOff: 3 * 60_000, verified: 'good', live: true }
    },
    api: sampleApi(who, by, postName(who === 'dc' ? 'mopa-ds-internal-admin' : 'dc-5585'), now),
    aboutMe: async () => ({
      at: now,
      person: 'me',
      complete: !offline,
      rows: [
        ...sampleAbout(rowsFor(me === 'issuer' ? 'uno' : me, now), now),
        ...(offline
          ? []
          : [
              {
                what: 'delivered',
                by: 'server' as const,
                at: now - 3 * hour,
                directive: 'd1',
                post: by,
                subject: rows[0]?.subject ?? '',
              },
              {
                what: 'session',
                by: 'server' as const,
                at: now - 40 * day,
                until: now - hour,
                device: 'Chrome · Android',
              },
              ...[
                { what: 'contact', at: now - 39 * day, channel: 'sms', address: '+8801712345678' },
                {
                  what: 'notice-reminder-due',
                  at: now - 4 * hour,
                  directive: 'd1',
                  post: by,
                  subject: rows[0]?.subject ?? '',
                },
                {
                  what: 'attempt',
                  at: now - 4 * hour,
                  channel: 'sms',
                  outcome: 'delivered',
                  directive: 'd1',
                  post: by,
                },
                {
                  what: 'about-escalation-1',
                  at: now - 2 * hour,
                  directive: 'd1',
                  post: by,
                  subject: rows[0]?.subject ?? '',
                },
                { what: 'files', at: now - 5 * hour, size: 412_000, n: 14 },
                { what: 'absent', at: now - 6 * day, until: now - 3 * day, post: by, outcome: 'flood' },
                { what: 'practice', at: now - 8 * day, index: 4711, item: 'x'.repeat(22), device: 'Chrome · Android' },
                { what: 'fetched', at: now, post: by, n: 120_433 },
              ].map((row) => ({ ...row, by: 'server' as const })),
            ]),
      ].sort((a, b) => b.at - a.at),
    }),
    dataUsed: async () => [
      { month: '2026-11', sent: 3_400_000, received: 38_700_000 },
      { month: '2026-10', sent: 5_100_000, received: 61_200_000 },
    ],
    lock: () => {
      unlocked = false
      tell()
    },
    unlock: async (pin) => {
      unlocked = pin === '1234'
      tries = unlocked ? 0 : tries + 1
      tell()
      return unlocked
    },
  }
}
