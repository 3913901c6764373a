import { type Bytes, fromBase64url, randomBytes, toBase64url } from '../../core/bytes.ts'
import { type CborMap, decode, encode } from '../../core/cbor.ts'
import { partyChain } from '../../core/chain.ts'
import { signingKeyFromSeed } from '../../core/cose.ts'
import { makeItem, type Signer, thumbprint, writeEnvelope } from '../../core/item.ts'
import { leafHash } from '../../core/merkle.ts'
import type { Import } from '../../features/directory/country/import-shape.ts'
import { fieldMap, importId, rootDraft } from '../../features/directory/drafts.ts'
import { type Hand, Registrar } from '../../features/directory/registrar.ts'
import { readItemAnswers } from '../messages.ts'
import { rootFingerprint } from '../trust.ts'
import { MemoryLog } from './memory-log.ts'

/** A district with three upazilas, the ministry that writes to them, and the record room. */
export const PLAN: Import = {
  service: { bn: 'পরীক্ষার সেবা', en: 'Test service' },
  offices: [
    { code: 'mopa', bn: 'জনপ্রশাসন মন্ত্রণালয়', en: 'Ministry of Public Administration', kind: 'ministry' },
    { code: 'rangpur', bn: 'জেলা প্রশাসকের কার্যালয়, রংপুর', en: 'DC office, Rangpur', kind: 'district' },
  ],
  posts: [
    post('room', 'record-room', 'mopa'),
    post('ds', 'deputy-secretary', 'mopa', 'room'),
    post('dc', 'dc', 'rangpur', 'room'),
    post('uno1', 'uno', 'rangpur', 'dc'),
    post('uno2', 'uno', 'rangpur', 'dc'),
    post('uno3', 'uno', 'rangpur', 'dc'),
  ],
  people: [
    person('Keeper', 'room'),
    person('Secretary', 'ds'),
    person('Commissioner', 'dc'),
    person('First', 'uno1'),
    person('Second', 'uno2'),
    { code: 'spare', bn: 'অপেক্ষমাণ', en: 'Spare', posts: [] },
  ],
}

function post(code: string, role: string, office: string, supervisor?: string): Import['posts'][number] {
  return { code, role, bn: code, en: code, office, order: 1, mayIssue: true, ...(supervisor ? { supervisor } : {}) }
}

function person(en: string, post: string): Import['people'][number] {
  return { code: en.toLowerCase(), bn: en, en, posts: [{ post, charge: 'regular' }] }
}

/** A service on a log in memory, made by the same items an operator makes it by. */
export class World {
  readonly log: MemoryLog
  readonly registrar: Registrar
  readonly service: Bytes
  readonly #roots: [Hand, Hand]

  private constructor(log: MemoryLog, registrar: Registrar, service: Bytes, roots: [Hand, Hand]) {
    this.log = log
    this.registrar = registrar
    this.service = service
    this.#roots = roots
  }

  static async open(plan: Import = PLAN): Promise<World> {
    const log = await MemoryLog.open()
    const service = randomBytes(16)
    const keys = await Promise.all([signingKeyFromSeed(randomBytes(32)), signingKeyFromSeed(randomBytes(32))])
    const [a, b] = keys.map(({ publicKey, sign }): Hand => {
      const signer: Signer = { type: 'root', id: thumbprint(publicKey) }
      return { signer, sign }
    })
    const send = async (envelopes: Bytes[]) => {
      const body = encode(envelopes.map((envelope) => decode(envelope)))
      return readItemAnswers((await log.answer({ method: 'POST', path: '/items', body })).body)
    }
    const key = { service, time: log.now }
    const draft = rootDraft(key, plan.service, [keys[0].publicKey, keys[1].publicKey], log.key.publicKey, log.origin)
    await send([writeEnvelope(await makeItem(draft, a!.signer, a!.sign))])
    const registrar = new Registrar({ send, maker: a!, checker: b!, key })
    await registrar.import(plan, '2024-01-01')
    return new World(log, registrar, service, [a!, b!])
  }

  /** The id of a party of the plan. */
  id(kind: 'office' | 'post' | 'person', code: string): string {
    return toBase64url(importId({ service: this.service }, kind, code))
  }

  /** A joining code for a person. */
  async code(person: string, { replacing = false } = {}): Promise<string> {
    const [code] = await this.registrar.tickets(
      [importId({ service: this.service }, 'person', person)],
      rootFingerprint(this.log.rows[0]!.item.cose),
      this.log.now,
      { replacing },
    )
    return code!
  }

  /** Ends a charge by two hands. */
  async end(appointment: string, post: string): Promise<void> {
    const fields = fieldMap([fromBase64url(appointment), '2024-12-31', null, fromBase64url(post)])
    await this.#twoHands('end', fields, fromBase64url(post))
  }

  /** Gives a person of the plan a post by two hands. */
  async appoint(person: string, post: string): Promise<void> {
    const [who, where] = [this.id('person', person), this.id('post', post)].map(fromBase64url)
    await this.#twoHands('appoint', fieldMap([who!, where!, 'regular', '2025-01-01', null]), where!)
  }

  async #twoHands(kind: string, fields: CborMap, party: Bytes): Promise<void> {
    const [a, b] = this.#roots
    const made = await makeItem({ kind, id: randomBytes(16), time: this.log.now, fields }, a.signer, a.sign)
    const [placed] = await this.#send([writeEnvelope(made)])
    if (!placed?.accepted) throw new TypeError(`refused: ${JSON.stringify(placed)}`)
    const approve = fieldMap([placed.index, leafHash(placed.leaf), partyChain(party)])
    const draft = { kind: 'approve', id: randomBytes(16), time: this.log.now, fields: approve }
    const [approved] = await this.#send([writeEnvelope(await makeItem(draft, b.signer, b.sign))])
    if (!approved?.accepted) throw new TypeError(`refused: ${JSON.stringify(approved)}`)
  }

  async #send(envelopes: Bytes[]) {
    const body = encode(envelopes.map((envelope) => decode(envelope)))
    return readItemAnswers((await this.log.answer({ method: 'POST', path: '/items', body })).body)
  }

  /** A root key's hand, for acts the plan does not have. */
  get hands(): [Hand, Hand] {
    return this.#roots
  }
}
