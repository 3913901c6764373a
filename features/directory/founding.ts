import type { Bytes } from '../../core/bytes.ts'
import { sha256 } from '../../core/hash.ts'
import { makeItem, writeEnvelope } from '../../core/item.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Import } from './country/import-shape.ts'
import { partFor } from './country/sub-plan.ts'
import { type ImportKey, rootDraft } from './drafts.ts'
import { type Hand, type Progress, Registrar, type Send } from './registrar.ts'

type Needs = {
  send: Send
  roots: [Hand & { publicKey: Bytes }, Hand & { publicKey: Bytes }]
  log: { publicKey: Bytes; origin: string }
  plan: Import
  /** Codes of the posts that the root keys must fill before they can hand over. */
  staff: string[]
  key: ImportKey
  /** ISO date from which charges are said to run. */
  from: string
}

/** The key of an import into the service whose log has this key: the same however often it is made. */
export function importKeyOf(logKey: Bytes, time: number): ImportKey {
  return { service: sha256(logKey), time }
}

/**
 * Founds a service: its root, and by the root keys just the posts and people who take over from them. Run again after a cut it
 * sends the same bytes. Returns the fingerprint of the root, by which joining devices know it.
 */
export async function found({ send, roots, log, plan, staff, key, from }: Needs, progress: Progress): Promise<Bytes> {
  const [a, b] = roots
  const draft = rootDraft(key, plan.service, [a.publicKey, b.publicKey], log.publicKey, log.origin)
  const root = await makeItem(draft, a.signer, a.sign)
  const [answer] = await send([writeEnvelope(root)])
  if (!answer?.accepted) throw new Refusal(answer?.code ?? 'offline', 'The server did not take the root')
  const registrar = new Registrar({ send, maker: a, checker: b, key })
  await registrar.import(partFor(plan, staff), from, progress)
  return sha256(root.cose)
}
