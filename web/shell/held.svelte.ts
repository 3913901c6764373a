import type { Smarak } from '../../client/views.ts'

/** As `Held` of server/channels/held.ts: a sending that waits until somebody has seen its cost, in hundredths of a taka. */
export type HeldSending = {
  id: number
  directive: string
  kind: string
  channel: 'push' | 'sms' | 'whatsapp' | 'mail'
  people: number
  cost: number
  made: number
}

/** What waits for this reader, as far as it is known here; nothing without a connection. */
class Waiting {
  list: HeldSending[] = $state.raw([])

  async look(client: Pick<Smarak, 'api'>): Promise<void> {
    const { held = [] } = (await client.api('/api/sending/held')) as { held?: HeldSending[] }
    this.list = held
  }

  /** As `look`, where nobody waits for it. */
  glance(client: Pick<Smarak, 'api'>): void {
    this.look(client).catch(() => {}) // looked at again at the next visit
  }
}

export const held = new Waiting()
