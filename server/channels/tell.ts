/** One message: which notices it tells of, what it costs, and where it goes. */
import type { Lang } from '../../language/digits.ts'
import type { Claim, Claimed } from './attempts.ts'
import type { Adapter, ChannelName, Message, Outcome, WrittenChannel } from './channel.ts'
import type { Reach } from './contacts.ts'
import type { Verdict } from './decide.ts'
import type { PushAddress } from './push.ts'
import type { Sending } from './queue.ts'
import { isUrgent, wordNotices } from './wording.ts'

export type Adapters = {
  push?: Adapter<PushAddress>
} & { [C in WrittenChannel]?: Adapter }

type Needs = {
  adapters: Adapters
  /** Whose device it is, while it is live. */
  personOfDevice(device: string): string | undefined
  officeName(office: string): { bn: string; en: string } | null
}

export type Sent = {
  outcome: Outcome
  /** Devices that take no more pushes, and an address at which nobody is. */
  deadDevices: string[]
  deadContact: { person: string; channel: WrittenChannel; address: string } | null
}

/** What it costs to tell of these in one message. */
export function priceOf({ adapters, officeName }: Needs, channel: ChannelName, rows: readonly Sending[]): number {
  return adapters[channel]!.price(textOf('bn', rows, officeName))
}

/** জরুরি each by itself; all others to one person as one message, told in the name of the first. */
export function claimsFor(
  needs: Needs,
  channel: ChannelName,
  go: readonly { row: Sending; verdict: Verdict }[],
): Claim[] {
  const groups = Map.groupBy(go, ({ row }) => (isUrgent(row.urgency) ? `${row.notice} ${row.person}` : row.person))
  return [...groups.values()].flatMap((group) => {
    const cost = priceOf(
      needs,
      channel,
      group.map(({ row }) => row),
    )
    return group.map(({ row, verdict }, i) => ({
      sending: row,
      channel,
      digest: group.length > 1 ? group[0]!.row.notice : null,
      cost: i === 0 ? cost : 0,
      retry: 'retry' in verdict && verdict.retry,
    }))
  })
}

/** What was claimed, a list for each message. */
export function messagesOf(claimed: readonly Claimed[]): Claimed[][] {
  const keyOf = ({ digest, sending }: Claim) => `${digest ?? `alone ${sending.notice}`} ${sending.person}`
  return [...Map.groupBy(claimed, ({ claim }) => keyOf(claim)).values()]
}

/** Sends one message; never rejects. */
export async function sendMessage(
  { adapters, personOfDevice, officeName }: Needs,
  channel: ChannelName,
  told: readonly Claimed[],
  reach: Reach,
): Promise<Sent> {
  const rows = told.map(({ claim }) => claim.sending)
  const { person, directive, addressee } = rows[0]!
  const about = { id: `n${told[0]!.id}`, urgent: rows.some(({ urgency }) => isUrgent(urgency)) }
  if (channel !== 'push') {
    const to = reach.written.get(channel)
    const none: Sent = { outcome: { is: 'refused', code: 'no_address' }, deadDevices: [], deadContact: null }
    if (!to) return none
    const outcome = await attempt(adapters[channel]!, { ...about, to, text: textOf(reach.lang, rows, officeName) })
    return { ...none, outcome, deadContact: outcome.is === 'gone' ? { person, channel, address: to } : null }
  }
  // A page that is open somewhere names what came by its directive too.
  const where = rows.length === 1 ? { opens: `/today/${directive}/${addressee}`, about: directive } : { opens: '/' }
  const live = reach.push.filter(({ device }) => personOfDevice(device) === person)
  const outcomes = await Promise.all(
    live.map(({ lang, endpoint, p256dh, auth }) =>
      attempt(adapters.push!, {
        ...about,
        to: { endpoint, p256dh, auth },
        text: textOf(lang, rows, officeName),
        ...where,
      }),
    ),
  )
  const closed = reach.push.filter((one) => !live.includes(one))
  const gone = live.filter((_, i) => outcomes[i]!.is === 'gone')
  return { outcome: best(outcomes), deadDevices: [...closed, ...gone].map(({ device }) => device), deadContact: null }
}

function textOf(lang: Lang, rows: readonly Sending[], officeName: Needs['officeName']): string {
  return wordNotices(
    lang,
    rows.map(({ kind, urgency, grade, office }) => ({ kind, urgency, grade, office: officeName(office) })),
  )
}

/** An adapter rejects for a fault of ours alone; whether anything left is then not known. */
async function attempt<To>(adapter: Adapter<To>, message: Message<To>): Promise<Outcome> {
  try {
    return await adapter.send(message)
  } catch {
    return { is: 'refused', code: 'internal' }
  }
}

/** Of the devices of one person one is enough. */
function best(outcomes: readonly Outcome[]): Outcome {
  const order = ['sent', 'later', 'refused', 'gone']
  return outcomes.toSorted((a, b) => order.indexOf(a.is) - order.indexOf(b.is))[0] ?? { is: 'gone' }
}
