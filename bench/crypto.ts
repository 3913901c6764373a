/** What one core signs, seals, opens and reads in a second; shown, nothing is wanted of it. */
import { randomBytes } from '../core/bytes.ts'
import { signingKeyFromSeed, verifySign1 } from '../core/cose.ts'
import { makeItem, readEnvelope, thumbprint, writeEnvelope } from '../core/item.ts'
import { generateKemKey, openWith, sealTo } from '../core/kem.ts'
import { newItemKey, openSection, sealBody } from '../core/seal.ts'
import { wrapKey } from '../core/wrap.ts'
import type { Bench, Row } from '../scripts/bench.ts'

const SECONDS = 0.5
const PARAGRAPH = 'জনস্বার্থে এ আদেশ জারি করা হলো এবং অবিলম্বে কার্যকর হবে। '

export const bench: Bench = {
  name: 'crypto',
  async run() {
    const signing = await signingKeyFromSeed(randomBytes(32))
    const signer = { type: 'device', id: thumbprint(signing.publicKey) } as const
    const [key, info] = [await generateKemKey(), randomBytes(16)]
    const sealed = await sealTo(key.publicKey, randomBytes(32), info)

    const id = randomBytes(16)
    const receipt = () => makeItem({ kind: 'receipt', id, time: 1, fields: new Map([[1, id]]) }, signer, signing.sign)
    const received = writeEnvelope(await receipt())

    const letter = Array.from({ length: 20 }, (_, i) => ({ label: 'p', value: `${i} ${PARAGRAPH}` }))
    const itemKey = newItemKey()
    const { sections, commitment } = await sealBody(itemKey, { id, signer }, [letter.slice(0, 2), letter])
    const wrap = await wrapKey(itemKey, id, { ring: id, generation: 1, publicKey: key.publicKey })
    const wraps = Array.from({ length: 2000 }, () => wrap)
    const draft = { kind: 'directive', id, time: 1, body: sections, commitment, wraps, fields: new Map() }
    const widest = writeEnvelope(await makeItem(draft, signer, signing.sign))

    return [
      row('X-Wing seals', 'a second', await perSecond(() => sealTo(key.publicKey, info, info))),
      row('X-Wing opens', 'a second', await perSecond(() => openWith(key, sealed, info))),
      row('receipts made', 'a second', await perSecond(receipt)),
      row(
        'receipts read and verified',
        'a second',
        await perSecond(() => verifySign1(readEnvelope(received).signed, signing.publicKey)),
      ),
      row(
        'letters of 20 paragraphs sealed',
        'a second',
        await perSecond(() => sealBody(itemKey, { id, signer }, [letter])),
      ),
      row(
        'letters opened',
        'a second',
        await perSecond(() => openSection(itemKey, { id, signer, commitment }, 1, sections[1]!)),
      ),
      row('a directive with 2,000 wraps read', 'ms', 1000 / (await perSecond(async () => readEnvelope(widest)))),
    ]
  },
}

function row(name: string, unit: string, value: number): Row {
  return { name, value, unit, wanted: 'shown' }
}

async function perSecond(work: () => Promise<unknown>): Promise<number> {
  await work()
  const started = performance.now()
  let count = 0
  while (performance.now() - started < SECONDS * 1000) {
    await work()
    count += 1
  }
  return (count * 1000) / (performance.now() - started)
}
