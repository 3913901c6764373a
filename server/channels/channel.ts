/** What every channel is: a way out of the service that somebody else operates, and sees. */

export const CHANNELS = ['push', 'sms', 'whatsapp', 'mail'] as const
export type ChannelName = (typeof CHANNELS)[number]

/** Channels whose address an officer writes himself; a push address is made by his browser. */
export const WRITTEN = ['sms', 'whatsapp', 'mail'] as const
export type WrittenChannel = (typeof WRITTEN)[number]

/** One message as it leaves. There is no field that could hold the text of a letter: `text` comes from `wording.ts` alone. */
export type Message<To = string> = {
  /** The same for every try of one attempt, so that whoever carries it may drop a double. */
  id: string
  to: To
  text: string
  urgent: boolean
  /** For push, where all is encrypted to the browser: what a tap opens, a path of the web app. */
  opens?: string
  /** As `opens`: on the screen a later one of the same takes the place of an earlier. */
  about?: string
}

export type Outcome =
  /** Taken over. `id`: what receipts will name it by; '' where there are none. */
  | { is: 'sent'; id: string }
  /** The address is dead: forget it. */
  | { is: 'gone' }
  /** Nothing was sent; try again after so many milliseconds. `all`: nothing else goes through this channel before either. */
  | { is: 'later'; after: number; all?: boolean }
  /** Not sent, or nobody knows; not to be tried again on this channel. */
  | { is: 'refused'; code: string }

export type Adapter<To = string> = {
  readonly name: ChannelName
  /** How many messages it carries at once. */
  readonly width: number
  /** Never rejects for what the other side does: every answer, garbage and silence among them, is an outcome. */
  send(message: Message<To>): Promise<Outcome>
  /** What one message costs, in hundredths of the currency. */
  price(text: string): number
  close(): Promise<void>
}

/** What became of a message after it was taken over, as its operator tells. */
export type Receipt = {
  channel: ChannelName
  /** As `Outcome` named it. */
  message: string
  state: ReceiptState
  code: string | null
}

/** In the order in which the later outdoes the earlier, since receipts come twice and in disorder. */
export const RECEIPT_STATES = ['sent', 'failed', 'delivered', 'read'] as const
export type ReceiptState = (typeof RECEIPT_STATES)[number]

/** Nobody knows whether it went out: sent once more it might arrive twice, so another channel is tried instead. */
export const NO_ANSWER: Outcome = { is: 'refused', code: 'no_answer' }
