import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import type * as Bytes from '../../core/bytes.ts'
import { fromHex, randomBytes, toHex } from '../../core/bytes.ts'
import type * as Commitment from '../../core/commitment.ts'
import type * as Cose from '../../core/cose.ts'
import { signingKeyFromSeed, verifyEd25519, verifySign1 } from '../../core/cose.ts'
import type * as Deflate from '../../core/deflate.ts'
import type * as ItemModule from '../../core/item.ts'
import { makeItem, readEnvelope, thumbprint, writeEnvelope } from '../../core/item.ts'
import type * as Kem from '../../core/kem.ts'
import { generateKemKey } from '../../core/kem.ts'
import type * as Ring from '../../core/ring.ts'
import { makeGrant, newSeed, openGrant, openPrevious, ringKey, sealPrevious } from '../../core/ring.ts'
import type * as Seal from '../../core/seal.ts'
import { newItemKey, openSection, sealBody } from '../../core/seal.ts'
import type * as Ticket from '../../core/ticket.ts'
import type * as WrapModule from '../../core/wrap.ts'
import { unwrapKey, wrapKey } from '../../core/wrap.ts'
import { freshPage, lastingContext, noBrowser } from '../helpers/browser.ts'
import { type ServedCore, serveCore } from '../helpers/core-in-browser.ts'

type Core = typeof Bytes &
  typeof Commitment &
  typeof Cose &
  typeof Deflate &
  typeof ItemModule &
  typeof Kem &
  typeof Ring &
  typeof Seal &
  typeof Ticket &
  typeof WrapModule

declare global {
  /** In the page alone: the module under test, and what it keeps in IndexedDB. */
  var core: Core
  var kept: { put(name: string, value: unknown): Promise<void>; get<T>(name: string): Promise<T> }
}

const vectors = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8'))
const PARTS = [[{ label: 'subject', value: 'বদলি' }], [{ label: 'p', value: 'জনস্বার্থে এ আদেশ জারি করা হলো।'.repeat(50) }]]

/** Opens the page and puts `core` and a small IndexedDB store into it. */
async function load(page: Page, { origin }: ServedCore): Promise<void> {
  await page.goto(origin)
  await page.evaluate(async () => {
    const address = '/core.js'
    globalThis.core = await import(address)
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const opening = indexedDB.open('core', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('kept')
    const db = await done(opening)
    const store = () => db.transaction('kept', 'readwrite').objectStore('kept')
    globalThis.kept = {
      put: async (name, value) => void (await done(store().put(value, name))),
      get: (name) => done(store().get(name)),
    }
  })
}

describe('core in Chromium', { skip: noBrowser }, () => {
  let served: ServedCore
  let page: Page

  before(async () => {
    served = await serveCore()
    page = await freshPage()
    await load(page, served)
  })
  after(() => served.close())

  test('all cryptography of a client is at most 20 KB compressed', () => {
    const size = gzipSync(served.script, { level: 9 }).length
    console.log(`core for the browser: ${size} bytes gzip`)
    assert.ok(size <= 20 * 1024, `${size} bytes`)
  })

  test('one seed gives the same keys there and here, those of the vectors', async () => {
    const { generations } = vectors('rings/ring')
    for (const { seed, publicKey } of generations) {
      assert.equal(toHex((await ringKey(fromHex(seed))).publicKey), publicKey)
      const there = await page.evaluate(async (seed) => {
        return core.toHex((await core.kemKeyFromSeed(core.fromHex(seed))).publicKey)
      }, seed as string)
      assert.equal(there, publicKey)
    }
    const ticket = vectors('tickets/ticket')
    const joined = await page.evaluate(
      async ({ code, root }) => {
        const { publicKey } = await core.ticketKey(code)
        return [core.toHex(publicKey), core.toHex(core.rootTag(code, core.fromHex(root)))]
      },
      { code: ticket.typed[1] as string, root: ticket.rootFingerprint as string },
    )
    assert.deepEqual(joined, [ticket.publicKey, ticket.rootTag])
  })

  test('the stored examples open there', async () => {
    const grant = vectors('rings/grant')
    const seed = await page.evaluate(async (v) => {
      const member = await core.kemKeyFromSeed(core.fromHex(v.memberSeed))
      const sealed = { member: core.fromHex(v.member), memberGeneration: v.memberGeneration }
      const whole = { ...sealed, enc: core.fromHex(v.enc), ct: core.fromHex(v.ct) }
      const opened = await core.openGrant(whole, core.fromHex(v.ring), v.generation, core.fromHex(v.publicKey), member)
      return core.toHex(opened.seed)
    }, grant)
    assert.equal(seed, grant.seed)

    const sealed = vectors('items/sealed')
    const parts = await page.evaluate(async (v) => {
      const { header, signed, body, wraps } = core.readEnvelope(core.fromHex(v.envelope))
      if (!(await core.verifySign1(signed, core.fromHex(v.publicKey)))) return 'a bad signature'
      const key = await core.unwrapKey(wraps[0]!, header.id, await core.ringKey(core.fromHex(v.ringSeed)))
      const opened = await Promise.all(body.map((section, n) => core.openSection(key, header, n, section)))
      return opened.map((section) => section.map((part) => core.toHex(core.writePart(part))))
    }, sealed)
    assert.deepEqual(parts, sealed.parts)
  })

  test('the published X-Wing secret comes out there', async () => {
    const { ciphertext, sharedSecret, privateKey } = vectors('rings/x-wing')
    const { shake256 } = await import('@noble/hashes/sha3.js')
    const expanded = toHex(shake256(fromHex(privateKey), { dkLen: 96 }))
    const secret = await page.evaluate(
      async ([expanded, ciphertext]) => {
        const bytes = core.fromHex(expanded!)
        const key = await core.kemKeyFromParts(bytes.slice(0, 64), bytes.slice(64))
        const secret = await core.xwing.Decap(
          core.fromHex(ciphertext!),
          new core.XWingKey('private', undefined, key),
          undefined,
        )
        return core.toHex(secret)
      },
      [expanded, ciphertext as string],
    )
    assert.equal(secret, sharedSecret)
  })

  test('an item made there is read here, and one made here is read there', async () => {
    const ours = await generateKemKey()
    const made = await page.evaluate(
      async ({ publicKey, parts }) => {
        const pair = await core.generateSigningKey()
        const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
        const signer = { type: 'device', id: core.thumbprint(raw) } as const
        const [key, id] = [core.newItemKey(), core.randomBytes(16)]
        const { sections, commitment } = await core.sealBody(key, { id, signer }, parts)
        const wraps = [await core.wrapKey(key, id, { ring: id, generation: 1, publicKey: core.fromHex(publicKey) })]
        const draft = { kind: 'answer', id, time: 1, body: sections, commitment, wraps, fields: new Map([[1, 'ক']]) }
        const envelope = core.writeEnvelope(await core.makeItem(draft, signer, core.signer(pair.privateKey)))
        return { envelope: core.toHex(envelope), raw: core.toHex(raw) }
      },
      { publicKey: toHex(ours.publicKey), parts: PARTS },
    )
    const item = readEnvelope(fromHex(made.envelope))
    assert.equal(await verifySign1(item.signed, fromHex(made.raw)), true)
    const key = await unwrapKey(item.wraps[0]!, item.header.id, ours)
    for (const [n, section] of item.body.entries()) {
      assert.deepEqual(await openSection(key, item.header, n, section), PARTS[n])
    }

    const seed = newSeed()
    const signing = await signingKeyFromSeed(randomBytes(32))
    const signer = { type: 'device', id: thumbprint(signing.publicKey) } as const
    const [itemKey, id] = [newItemKey(), randomBytes(16)]
    const { sections, commitment } = await sealBody(itemKey, { id, signer }, PARTS)
    const wraps = [await wrapKey(itemKey, id, { ring: id, generation: 1, publicKey: (await ringKey(seed)).publicKey })]
    const draft = { kind: 'answer', id, time: 1, body: sections, commitment, wraps, fields: new Map() }
    const envelope = writeEnvelope(await makeItem(draft, signer, signing.sign))
    const opened = await page.evaluate(
      async ([envelope, publicKey, seed]) => {
        const item = core.readEnvelope(core.fromHex(envelope!))
        if (!(await core.verifySign1(item.signed, core.fromHex(publicKey!)))) return 'a bad signature'
        const key = await core.unwrapKey(item.wraps[0]!, item.header.id, await core.ringKey(core.fromHex(seed!)))
        return Promise.all(item.body.map((section, n) => core.openSection(key, item.header, n, section)))
      },
      [toHex(envelope), toHex(signing.publicKey), toHex(seed)],
    )
    assert.deepEqual(opened, PARTS)
  })

  test('a ring rotated there opens here, back to its first generation, and the other way round', async () => {
    const [ring, first, second] = [randomBytes(16), newSeed(), newSeed()]
    const device = await generateKemKey()
    const there = await page.evaluate(async ([ring, first, second, device]) => {
      const of = core.fromHex(ring!)
      const previous = await core.sealPrevious(core.fromHex(second!), of, 2, core.fromHex(first!))
      const target = { ring: of, generation: 0, publicKey: core.fromHex(device!) }
      const { enc, ct } = await core.makeGrant(core.fromHex(second!), of, 2, target)
      return [previous, enc, ct].map(core.toHex)
    }, [ring, first, second, device.publicKey].map(toHex))
    const [previous, enc, ct] = there.map(fromHex)
    const grant = { member: ring, memberGeneration: 0, enc: enc!, ct: ct! }
    const { seed } = await openGrant(grant, ring, 2, (await ringKey(second)).publicKey, device)
    assert.deepEqual(await openPrevious(seed, ring, 2, previous!), first)

    const [mine, memberSeed] = [await sealPrevious(second, ring, 2, first), newSeed()]
    const member = { ring, generation: 4, publicKey: (await ringKey(memberSeed)).publicKey }
    const given = await makeGrant(second, ring, 2, member)
    const opened = await page.evaluate(
      async ([ring, publicKey, memberSeed, enc, ct, previous]) => {
        const of = core.fromHex(ring!)
        const grant = { member: of, memberGeneration: 4, enc: core.fromHex(enc!), ct: core.fromHex(ct!) }
        const key = await core.ringKey(core.fromHex(memberSeed!))
        const { seed } = await core.openGrant(grant, of, 2, core.fromHex(publicKey!), key)
        return core.toHex(await core.openPrevious(seed, of, 2, core.fromHex(previous!)))
      },
      [ring, (await ringKey(second)).publicKey, memberSeed, given.enc, given.ct, mine].map(toHex),
    )
    assert.equal(opened, toHex(first))
  })

  test('a signature is good or bad there as here, keys of small order included', async () => {
    const { message, signatures } = vectors('items/signatures')
    for (const { what, publicKey, signature, valid } of signatures) {
      assert.equal(await verifyEd25519(fromHex(publicKey), fromHex(signature), fromHex(message)), valid, what)
      const there = await page.evaluate(
        async ([key, signature, message]) =>
          core.verifyEd25519(core.fromHex(key!), core.fromHex(signature!), core.fromHex(message!)),
        [publicKey, signature, message] as string[],
      )
      assert.equal(there, valid, what)
    }
  })

  test('hostile bytes are refused there with the same codes', async () => {
    const { envelopes } = vectors('items/refused')
    const codes = await page.evaluate(
      (list: string[]) => {
        return list.map((envelope) => {
          try {
            return String(core.readEnvelope(core.fromHex(envelope)))
          } catch (error) {
            return (error as { code?: string }).code ?? String(error)
          }
        })
      },
      envelopes.map(({ envelope }: { envelope: string }) => envelope),
    )
    assert.deepEqual(
      codes,
      envelopes.map(({ code }: { code: string }) => code),
    )

    const keys = await page.evaluate(async () => {
      const code = (promise: Promise<unknown>) => promise.then(String, (error) => error.code ?? String(error))
      const { publicKey, ...key } = await core.generateKemKey()
      const small = core.concat(publicKey.slice(0, 1184), new Uint8Array(32))
      const info = new Uint8Array(0)
      const hostile = { enc: core.concat(new Uint8Array(1088), new Uint8Array(32)), ct: new Uint8Array(48) }
      return Promise.all([
        code(core.sealTo(publicKey.slice(1), info, info)),
        code(core.sealTo(publicKey.with(0, 255).with(1, 255), info, info)),
        code(core.sealTo(small, info, info)),
        code(core.openWith({ publicKey, ...key }, hostile, info)),
        code(core.openWith({ publicKey, ...key }, { ...hostile, enc: info }, info)),
      ])
    })
    assert.deepEqual(keys, ['bad_bytes', 'bad_bytes', 'bad_bytes', 'cannot_open', 'cannot_open'])
  })

  test('a deflate bomb is stopped there, and bytes with something after the end are refused', async () => {
    const outcome = await page.evaluate(async () => {
      const code = (promise: Promise<unknown>) => promise.then(String, (error) => error.code ?? String(error))
      const small = await core.deflate(new Uint8Array(64 * 1024 * 1024))
      return Promise.all([
        code(core.inflate(small, 8 * 1024 * 1024)),
        code(core.inflate(core.concat(await core.deflate(new Uint8Array(10)), new Uint8Array(1)), 100)),
        code(core.inflate((await core.deflate(new Uint8Array(10))).slice(0, -1), 100)),
        code(core.inflate(core.utf8('not deflate at all'), 100)),
        code(core.inflate(await core.deflate(new Uint8Array(100)), 99)),
      ])
    })
    assert.deepEqual(outcome, ['too_large', 'bad_bytes', 'bad_bytes', 'bad_bytes', 'too_large'])
  })

  test('keys kept in IndexedDB sign and open after the browser has been closed, and never leave it', async () => {
    const profile = await mkdtemp(join(tmpdir(), 'smarak-profile-'))
    const before = await lastingContext(profile)
    const first = await before.newPage()
    await load(first, served)
    const published = await first.evaluate(async () => {
      const signing = await core.generateSigningKey()
      const kem = await core.generateKemKey()
      const ring = await core.kemKeyFromSeed(new Uint8Array(32).fill(1))
      await kept.put('device', { signing: signing.privateKey, kem, ring })
      const raw = new Uint8Array(await crypto.subtle.exportKey('raw', signing.publicKey))
      return [raw, kem.publicKey, ring.publicKey].map(core.toHex)
    })
    await before.close()

    const again = await lastingContext(profile)
    const second = await again.newPage()
    await load(second, served)
    const [signing, kem, ring] = published.map(fromHex)
    const wraps = await Promise.all(
      [kem!, ring!].map((publicKey) =>
        wrapKey(randomBytes(32), ring!.slice(0, 16), {
          ring: ring!.slice(0, 16),
          generation: 1,
          publicKey,
        }),
      ),
    )
    const found = await second.evaluate(
      async (wraps) => {
        type Kept = { signing: CryptoKey; kem: Kem.KemPrivate; ring: Kem.KemPrivate }
        const { signing, kem, ring } = await kept.get<Kept>('device')
        const lengths = await Promise.all(
          [kem, ring].map(async (key, n) => {
            const [id, enc, ct] = wraps[n]!.map(core.fromHex)
            return (await core.unwrapKey({ ring: id!, generation: 1, enc: enc!, ct: ct! }, id!, key)).length
          }),
        )
        const secrets = [signing, kem.mlkem, kem.x25519, ring.mlkem, ring.x25519]
        const taken = await Promise.allSettled(
          secrets.flatMap((key) =>
            ['jwk', 'pkcs8', 'raw-seed'].map((form) => crypto.subtle.exportKey(form as 'jwk', key)),
          ),
        )
        const signature = await core.signer(signing)(core.utf8('still here'))
        return {
          lengths,
          signature: core.toHex(signature),
          taken: taken.filter(({ status }) => status === 'fulfilled').length,
        }
      },
      wraps.map((wrap) => [wrap.ring, wrap.enc, wrap.ct].map(toHex)),
    )
    assert.deepEqual(found.lengths, [32, 32])
    assert.equal(found.taken, 0)
    assert.equal(await verifyEd25519(signing!, fromHex(found.signature), new TextEncoder().encode('still here')), true)
    await again.close()
    await rm(profile, { recursive: true })
  })
})
