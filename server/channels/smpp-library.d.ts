/** As much of the package `smpp` as is used here, and by the server end that tests play. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events'
  import type { Server as NetServer, Socket } from 'node:net'

  export type Text = { udh?: Uint8Array | Uint8Array[]; message: string | Uint8Array }

  export type Pdu = {
    command: string
    command_status: number
    sequence_number: number
    message_id?: string
    receipted_message_id?: string
    message_state?: number
    short_message?: Text | Uint8Array
    destination_addr?: string
    source_addr?: string
    system_id?: string
    password?: string
    data_coding?: number
    esm_class?: number
    registered_delivery?: number
    isResponse(): boolean
    response(options?: object): Pdu
  }

  export class Session extends EventEmitter {
    socket: Socket
    send(pdu: Pdu): boolean
    bind_transceiver(options: object, answered: (pdu: Pdu) => void): boolean
    submit_sm(options: object, answered: (pdu: Pdu) => void): boolean
    deliver_sm(options: object, answered?: (pdu: Pdu) => void): boolean
    enquire_link(answered?: (pdu: Pdu) => void): boolean
    unbind(answered?: (pdu: Pdu) => void): boolean
    close(): void
    destroy(): void
  }

  const smpp: {
    connect(options: { url: string; connectTimeout?: number }): Session
    createServer(listener: (session: Session) => void): NetServer
  }
  export default smpp
}
