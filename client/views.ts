import type { PracticeEntry } from '../features/directives/index.ts'
import type { WorkingCalendar } from '../language/working-time.ts'
import type { KnownPost } from '../letters/resolve.ts'

/**
 * What a device shows and does: the types between the screens and the client. Screens know nothing beneath these;
 * the client knows nothing above them. Times are milliseconds since 1970 unless a name says otherwise.
 */
export type Id = string

export type Name = { bn: string; en: string }

export type PostName = {
  id: Id
  title: Name
  office: Name
  place?: Name
  holder?: Name
  /** A key of `common.charges` when the holder's charge is not the regular one. */
  charge?: string
  vacant: boolean
  joined: boolean
}

/** A post in the service's list of names: unproven, so only for finding. */
export type ListedPost = KnownPost & {
  supervisor?: Id | null
  holder?: Name
  /** The holder's id. */
  person?: Id
  charge?: string
  joined?: boolean
}

export type Ask = 'nothing' | 'acknowledge' | 'once' | 'standing'

/** `label` '' is the whole letter. */
export type ClauseAsk = { label: string; ask: Ask }

export type AnswerState = 'done' | 'progress' | 'impossible' | 'notours' | 'kept' | 'problem'

export type Progress = 'queued' | 'sent' | 'delivered' | 'opened' | 'acknowledged' | 'answered'

export type DirectiveRow = Since & {
  id: Id
  /** The post of mine this row belongs to; one directive gives one row for each such post. */
  post: Id
  role: 'addressed' | 'supervising' | 'issuing' | 'fallback'
  index: number
  accepted: number
  issuer: PostName
  memo: string
  subject: string
  due: number | null
  /** Before its time was extended. */
  firstDue?: number
  urgency: 0 | 1 | 2 | 3
  grade: 0 | 1 | 2 | 3 | 4
  clauses: ClauseAsk[]
  progress: Progress
  /** What was answered last, the weightiest of all clauses; only where nothing is owed any more. */
  said?: AnswerState
  owed: ClauseAsk[]
  late: boolean
  unreadable?: 'waiting-for-key'
  /** While it is unreadable: the posts from whose devices the key comes, as far as they are known here. */
  keyFrom?: PostName[]
  /** How many acts of mine on this directive wait in the outbox. */
  queued?: number
  /** The number of the distribution line that reached `post`. */
  line?: number
  form: Form
  /** The directive it passes on; where my post passed this one on, the directives by which it did. */
  parent?: Id
  passedOn?: Id[]
  /** What became of the directive it passes on; absent until that was opened here, or where nothing became of it. */
  above?: Since
  /** When somebody else last wrote a remark in my thread, while I have said nothing since. */
  asked?: number
  /** Besides being addressed itself, `post` is directly above others that are: it may follow how they stand. */
  overseen?: boolean
  publish: boolean
}

/** A file as an officer gives it. When and where a picture was taken only where he says that it shall go along. */
export type AnswerFile = {
  name: string
  /** Its media type. */
  type: string
  bytes: Uint8Array<ArrayBuffer> | Blob
  taken?: number
  /** Degrees north and east. */
  place?: [latitude: number, longitude: number]
}

/** A sealed file: kept on this device, or named by an answer. It holds the key, so it lies encrypted wherever it lies. */
export type KeptFile = {
  name: string
  type: string
  /** Bytes of the file as it was given. */
  size: number
  /** base64url, as the names of the chunks. */
  key: string
  chunks: string[]
  taken: number | null
  place: [latitude: number, longitude: number] | null
}

export type Form = 'letter' | 'short' | 'advice' | 'do'

/** `parts` of an amendment stand in place of those of their label. `reason` is '' until it can be opened. */
export type RowChange = { at: number; reason: string } & (
  | { kind: 'amend'; parts: Part[] }
  | { kind: 'extend'; due: number }
  | { kind: 'remind' }
)

/** What its issuer made of a directive since it was signed; reasons are '' until they can be opened. */
export type Since = {
  /** Oldest first: an amendment, more time, a reminder to my post. */
  changes: RowChange[]
  cancelled?: { reason: string; at: number }
  supersededBy?: Id
}

/** A letter that was passed on, inside the one that passes it on. */
export type Enclosed = {
  id: Id
  issuer: PostName
  parts: Part[]
  /** Whether its signature was checked against the proven directory. */
  checked: boolean
} & Since

/** A letter on its way to being approved. */
export type DraftView = {
  id: Id
  post: PostName
  memo: string
  subject: string
  at: number
  approvers: { post: PostName; state: 'approved' | 'returned' | 'next' | 'waiting'; at?: number; reason?: string }[]
  /** My post by which I have to do with it, and as what. */
  mine: Id
  role: 'drafter' | 'approver'
  /** It waits for me: to approve it, to issue it, or to mend what was returned. */
  mineToDo: boolean
  approved: boolean
  returned: boolean
  /** Issued from it. */
  directive?: Id
  unreadable?: 'waiting-for-key'
}

export type Absence = {
  post: Id
  reason: 'leave' | 'flood' | 'power' | 'network' | 'illness' | 'other'
  from: number
  to: number | null
  cover: Id | null
}

/** How an office works. `checks`: minutes of the day at which it looks; null while that never came. */
export type Workday = { calendar: WorkingCalendar; checks: number[] | null }

export type Answer = {
  by: PostName
  person: Name
  clauses: string[]
  state: AnswerState
  until: number | null
  note: string
  /** Values of asked-for fields, by key, in canonical form. */
  values?: Record<string, string>
  files?: KeptFile[]
  /** It came back; what the person does about it stands in the outbox. It counts for nothing here. */
  refused?: true
  /** What was written with it was sealed before this device could read it; somebody who can will wrap it again. */
  unreadable?: 'waiting-for-key'
  accepted: number | null
  clientTime: number
  clockOff?: number
}

export type Part = { label: string; value: unknown }

/** Nothing of it is sealed. */
export type Arrival = { id: Id; grade: number; urgency: number; office: Name }

export type DirectiveDetail = DirectiveRow & {
  /** null: not fetched yet. */
  parts: Part[] | null
  enclosed?: Enclosed
  acknowledgedAt?: number
  openedAt?: number
  thread: Answer[]
  proof?: Proof
}

export type Proof = {
  index: number
  size: number
  leafHash: string
  itemId: string
  path: string[]
  checkpoint: string
  verifiedAt: number
  root: string
  device: string
  /** Of a directive that passes one on: the same of the one it encloses. */
  enclosed?: EnclosedProof
}

/**
 * That the enclosed original is what stands in the log at its place, checked here; or the code of what kept it from being checked,
 * `bad_commitment` where another letter is enclosed than the one that is passed on.
 */
export type EnclosedProof =
  | { itemId: Id; issuer: PostName; verified: false; code: string }
  | ({ itemId: Id; issuer: PostName; verified: true; accepted: number; signed: boolean } & Omit<Proof, 'enclosed'>)

export type OutboxEntry = {
  id: string
  what:
    | 'acknowledge'
    | 'answer'
    | 'issue'
    | 'cancel'
    | 'supersede'
    | 'open'
    | 'amend'
    | 'extend'
    | 'remind'
    | 'draft'
    | 'approval'
    | 'absence'
    | 'practice'
  title: string
  at: number
  state: 'waiting' | 'sending' | 'attention'
  /** The refusal's code when `state` is 'attention'. */
  code?: string
  details?: Record<string, unknown>
  /** Until when `undo` still takes the act back. */
  undoUntil?: number
}

export type Connection = {
  online: boolean
  slow: boolean
  lastSync: number | null
  /** Acts; and while files go before one of them, their bytes. */
  sending: { done: number; total: number; bytes?: { done: number; total: number } } | null
  /** The device's clock minus the server's, in milliseconds. */
  clockOff: number
  /** The server takes nothing more from this device: somebody closed it, or it was replaced. */
  closed?: true
  /** The device has no room: what came last was not kept. */
  full?: true | undefined
  /** The server answers, and what it says could not be taken, twice running: nothing new is shown since `lastSync`. */
  stuck?: true | undefined
}

/** What `Smarak.check` found. Nothing of it left the device. */
export type ConnectionCheck = {
  at: number
  online: boolean
  /** Milliseconds; null without an answer, as the others. */
  roundTrip: number | null
  /** Bytes a second. */
  rate: number | null
  /** The device's clock minus the server's, in milliseconds, within a second. */
  clockOff: number | null
  /** The server's newest checkpoint: signed by the log's key and not shorter than what this device has proven. */
  verified: 'good' | 'bad' | 'behind' | null
  /** Whether news is told at once, over the live connection. */
  live: boolean
  /** When the log was last proven to have grown out of what this device knew. */
  lastSync: number | null
  /** The code of the newest lie the server told this device, which no later success hides. */
  problem: { code: string; at: number } | null
}

/** Bytes of one month (`2026-11`). */
export type MonthUse = { month: string; sent: number; received: number }

/**
 * One recorded time about the reader. `by`: his own signature, somebody's entry about him in the directory, or the server's word;
 * also of what he signed where this device does not hold it (`index` and `item` say where it stands).
 */
export type AboutRow = {
  /** A key of `about.what`; one that is not there is a newer kind. */
  what: string
  by: 'me' | 'office' | 'server'
  /** When it was accepted, or noted. */
  at: number
  until?: number
  post?: PostName
  directive?: Id
  subject?: string
  /** A device's label. */
  device?: string
  /** What is in the log: its place and its id. */
  index?: number
  item?: Id
  /** The time by the device's own clock, where that differed. */
  clientTime?: number
  /** By which way he was told something, his address there, and what came of it (a key of `about.outcomes`). */
  channel?: string
  address?: string
  outcome?: string
  detail?: string
  /** Bytes. */
  size?: number
  /** How many, or up to which place in the log. */
  n?: number
}

/** `complete`: what the server noted is among them; it could be asked. */
export type AboutMe = { at: number; person: Id; rows: AboutRow[]; complete: boolean }

/** How the application is locked on this device. */
export type Guard = {
  hasPin: boolean
  /** Until when no PIN is tried, after wrong ones; null where one may be tried now. */
  waitsUntil: number | null
  /** What the device's own authenticator is here: its secret opens the key; it only guards one in memory; or it was not added. */
  authenticator: 'key' | 'gate' | null
  /** Whether it can open the lock as it stands. */
  authenticatorOpens: boolean
}

export type HeldPost = {
  id: Id
  name: PostName
  charge: string
  /** ISO date. */
  from: string
  orderMemo: string | null
  /** How many directives are owed something. */
  count: number
  mayIssue: boolean
  /** The charge began since this device was last used. */
  arrived?: boolean
}

export type DeviceView = {
  id: Id
  label: string
  added: number
  thisOne: boolean
  lastUsed?: number
  recovery?: boolean
}

export type IssueDraft = {
  post: Id
  parts: Part[]
  summary: { memo: string; subject: string; date: string; issuer: string }
  lines: { n: number; purpose: 0 | 1 | 2; selectors: unknown[] }[]
  clauses: ClauseAsk[]
  due: number | null
  grade: number
  urgency: number
  supersedes?: Id
  form?: Form
  /** The directive of one's own that it passes on; it travels along as it was signed. */
  parent?: Id
  /** The approved draft it is issued from. */
  from?: { id: Id; approvers: Id[] }
  /** What it was composed from, as the composer keeps it: for whoever mends a returned draft. Never issued. */
  composed?: unknown
}

export type Answering = {
  /** Values of asked-for fields, by key, in canonical form. */
  values?: Record<string, string>
  directive: Id
  post: Id
  clauses: string[]
  state: AnswerState
  until: number | null
  note: string
  /** What `addFile` gave. They go first, and the answer when they have arrived. */
  files?: KeptFile[]
}

/** Who acts for a post whose holder is away. */
export type ActingHolder = { person: Name; mine: boolean }

/** What becomes of a directive before and after it is issued. Each gives the outbox id of an act that goes by itself. */
export interface Following {
  /** Drafts I laid before others, or that were laid before me; newest first. */
  readonly drafts: DraftView[]
  /** What is to be issued, as it was laid before the approvers. */
  openDraft(id: Id): Promise<IssueDraft>
  /** In what the letter issued from this draft is not as it was approved; empty where nothing differs. */
  differsFromApproved(id: Id): Promise<('text' | 'addressees' | 'duties')[]>
  layBefore(draft: IssueDraft, approvers: Id[], replaces?: Id): Promise<string>
  approve(id: Id, approved: boolean, reason: string): Promise<string>
  amend(id: Id, reason: string, parts: Part[]): Promise<string>
  extend(id: Id, due: number, reason: string): Promise<string>
  remind(id: Id, posts: Id[], reason: string): Promise<string>
  /** The newest absence of each post of mine and of those that mine cover, on its way or placed; those that have ended too. */
  readonly absences: Absence[]
  /** Who has charge of a post on account of an absence; null where nobody was given it, as far as this device knows. */
  acting(post: Id): ActingHolder | null
  /** Declares when a post of mine, or directly below, cannot answer; `to` in the past ends it. */
  declareAbsent(absence: Absence): Promise<string>
  /** Says how an office works, as a post of mine that may; what it says before stands no more. Goes as soon as it can. */
  sayPractice(practice: PracticeEntry, as: Id): Promise<string>
  /** Whose approval the office's practice wants of this post's letters. */
  route(post: Id): Promise<Id[]>
}

/** Every method rejects with a `Refusal` when the reader can do something about it. */
export interface Smarak {
  readonly me: { person: { id: Id; name: Name }; posts: HeldPost[] }
  readonly connection: Connection
  readonly outbox: OutboxEntry[]
  readonly rows: DirectiveRow[]
  /** Directives that came to posts of mine, also while locked: what a notification may say of them and no more. */
  readonly arrivals: Arrival[]
  readonly demo: boolean
  readonly locked: boolean
  readonly following: Following
  /** Calls `listener` after any of the above changed; the answer stops it. */
  onChange(listener: () => void): () => void
  sync(): Promise<void>
  /** Fetches and opens the letter; nothing is signed by this. */
  open(id: Id, post: Id): Promise<DirectiveDetail>
  /** The letter was shown on an unlocked screen: signs 'opened' once. */
  shown(id: Id, post: Id): Promise<void>
  /** The outbox id. Rejects with `cannot_open` while the letter cannot be read: nobody signs that he has what he has not. */
  acknowledge(id: Id, post: Id): Promise<string>
  /** As `acknowledge`. */
  answer(answering: Answering): Promise<string>
  /**
   * Seals a file and keeps it on this device, for an answer or a draft; durable when it resolves. Rejects with `file_too_large`,
   * `device_full`.
   */
  addFile(file: AnswerFile): Promise<KeptFile>
  /** The officer took it out again before sending. */
  forgetFile(file: KeptFile): Promise<void>
  /** A file of this device or of an answer; what came of it stays here. Rejects with `offline`, `file_missing`, `file_altered`. */
  fetchFile(file: KeptFile, progress?: (done: number, total: number) => void): Promise<Uint8Array<ArrayBuffer>>
  undo(outboxId: string): Promise<boolean>
  retry(outboxId: string): Promise<void>
  discard(outboxId: string): Promise<void>
  names(when?: 'as they are now'): Promise<ListedPost[]>
  /** By which an office works; nine to five while it was never fetched. */
  calendar(office: Id): Promise<WorkingCalendar>
  /** By which the office of a post works, and when it looks; as `calendar`. */
  workday(post: Id): Promise<Workday>
  issue(
    draft: IssueDraft,
    progress: (done: number, total: number) => void,
  ): Promise<{ id: Id; index: number; addressees: number }>
  cancel(id: Id, reason: string): Promise<string>
  draft(key: string): Promise<unknown>
  saveDraft(key: string, value: unknown): Promise<void>
  /** `Board` of features/directives/board.ts; with a filter ('' for all) or a cursor, `BoardRows` of its rows.ts. */
  board(id: Id, query: { group?: string; within?: string; filter?: string; cursor?: string }): Promise<unknown>
  /** `Curve` of features/directives/curve.ts. */
  curve(id: Id, within?: string): Promise<unknown>
  /** How the system tried to tell an addressee: `{attempts: AttemptView[]}` of server/channels/attempts.ts. For the issuer. */
  attempts(id: Id, post: Id): Promise<unknown>
  /** Posts below mine at which something has waited for a day, and how those directly below are told: `Reach` of features/directives/reach.ts. */
  reach(): Promise<unknown>
  /** How others stand to these, at most 50: `Awaited[]` of features/directives/waiting.ts. */
  waiting(ids: Id[]): Promise<unknown>
  /** How I passed a directive on: `PassedOn[]` of features/directives/passed.ts. */
  passedOn(id: Id): Promise<unknown>
  /** What the system will say by itself to that addressee and above him: `Plan` of features/directives/notice-routes.ts. */
  plan(id: Id, post: Id): Promise<unknown>
  thread(id: Id, post: Id): Promise<Answer[]>
  proof(id: Id): Promise<Proof>
  devices(): Promise<DeviceView[]>
  revoke(device: Id): Promise<void>
  recoveryCode(): Promise<string>
  readonly guard: Guard
  /** Sets, changes or (null) removes the PIN; where there is one, `current` must be it. Rejects with `wrong_pin`, `pin_wait`. */
  setPin(pin: string | null, current?: string): Promise<void>
  lock(): void
  /** False for a wrong PIN. Rejects with `pin_wait` (details `until`) while none is tried. */
  unlock(pin: string): Promise<boolean>
  /** Whether this device has an authenticator of its own. */
  hasAuthenticator(): Promise<boolean>
  /** Adds it beside the PIN or takes it off. Rejects with `authenticator_failed`, `wrong_state` without a PIN. */
  useAuthenticator(use: boolean): Promise<void>
  /** False where its user turned it away. */
  unlockByAuthenticator(): Promise<boolean>
  /**
   * Clears this device of everything, keys and drafts too, so that it can join anew. What was sealed goes out first if there is
   * a connection; drafts that were not are lost. The device stays in the person's list until it is closed there.
   */
  forgetDevice(): Promise<void>
  /** How the way to the server is. Nothing of it is sent anywhere. */
  check(): Promise<ConnectionCheck>
  /** JSON of the server, with the session, for what is no item: addresses, attempts. A value is posted. */
  api(path: string, value?: unknown): Promise<unknown>
  /** Every recorded time about the reader, newest first. */
  aboutMe(): Promise<AboutMe>
  /** Data used, newest month first; `others` is received besides, since the last call. */
  dataUsed(others?: number): Promise<MonthUse[]>
}

/** What stands before the rooms: who is this, and may this browser be his device? */
export interface Door {
  saved(): Promise<Smarak | null>
  look(code: string): Promise<{ name: Name; posts: HeldPost[]; office: Name }>
  join(code: string): Promise<Smarak>
  demoPeople(): Promise<{ code: string; name: Name; post: Name; why: Name }[]>
  /** The joining code. */
  become(personCode: string): Promise<string>
}
