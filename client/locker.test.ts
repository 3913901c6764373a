import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bytes, randomBytes } from '../core/bytes.ts'
import { hkdf } from '../core/hash.ts'
import { Refusal } from '../core/refusal.ts'
import type { Authenticator } from './authenticator.ts'
import { Locker } from './locker.ts'
import { MemoryStore } from './memory-store.ts'

/** A finger that is read or not, on a phone that gives secrets or does not. */
class Finger implements Authenticator {
  read = true
  readonly #root: Bytes | null
  constructor({ secrets }: { secrets: boolean }) {
    this.#root = secrets ? randomBytes(32) : null
  }
  available = async () => true
  async make(_name: string, salt: Bytes) {
    const id = randomBytes(16)
    return { id, secret: await this.ask(id, salt) }
  }
  async ask(id: Bytes, salt: Bytes) {
    if (!this.read) throw new Refusal('authenticator_failed', 'Not read')
    return this.#root && hkdf(this.#root, 'finger', new Uint8Array([...id, ...salt]))
  }
}

const plain = new Uint8Array([1, 2, 3])
/** What a PIN costs to try is not what these tests are about. */
const FEW = 1_000

async function withPin(pin = '2468') {
  const store = new MemoryStore()
  const clock = { now: 1_000_000 }
  const reopen = (rounds = FEW) => Locker.open(store, () => clock.now, rounds)
  const locker = await reopen()
  const sealed = await locker.seal(plain, 'x')
  await locker.setPin(pin)
  return { store, clock, reopen, locker, sealed }
}

async function wrongTimes(locker: Locker, times: number) {
  for (let i = 0; i < times; i++) await assert.rejects(locker.unlock('0000'), { code: 'wrong_pin' })
}

test('after five wrong PINs even the right one waits, also when the page was opened anew', async () => {
  const { clock, reopen } = await withPin()
  const locker = await reopen()
  await wrongTimes(locker, 5)
  const until = clock.now + 30_000
  assert.equal(locker.waitsUntil, until)
  const again = await reopen()
  await assert.rejects(again.unlock('2468'), { code: 'pin_wait', details: { until } })
  clock.now = until
  await wrongTimes(again, 1)
  await assert.rejects(again.unlock('2468'), { code: 'pin_wait', details: { until: until + 60_000 } })
  clock.now = until + 60_000
  await again.unlock('2468')
  assert.equal(again.waitsUntil, null)
  again.lock()
  await wrongTimes(again, 4)
  await again.unlock('2468')
})

test('a clock put back by a year does not lock anybody out for one', async () => {
  const { clock, reopen } = await withPin()
  const locker = await reopen()
  await wrongTimes(locker, 5)
  clock.now -= 365 * 86_400_000
  const again = await reopen()
  assert.equal(again.waitsUntil, clock.now + 30_000)
  clock.now += 30_000
  await (await reopen()).unlock('2468')
})

test('whoever has the unlocked phone changes no PIN without knowing it', async () => {
  const { locker } = await withPin()
  await assert.rejects(locker.setPin('9999'), { code: 'wrong_pin' })
  await assert.rejects(locker.setPin(null, '0000'), { code: 'wrong_pin' })
  await locker.setPin('9999', '2468')
  locker.lock()
  await locker.unlock('9999')
})

test('an authenticator that gives a secret opens the lock, after a start too, and its PIN still does', async () => {
  const { reopen, locker, sealed } = await withPin()
  const finger = new Finger({ secrets: true })
  await locker.addAuthenticator(finger, 'me')
  const again = await reopen()
  assert.deepEqual([again.authenticator, again.authenticatorOpens, again.locked], ['key', true, true])
  await again.unlockBy(finger)
  assert.deepEqual(await again.open(sealed, 'x'), plain)
  await again.setPin('9999', '2468')
  const third = await reopen()
  await third.unlockBy(finger)
  third.lock()
  await third.unlock('9999')
})

test('the secret of another authenticator opens nothing', async () => {
  const { reopen, locker } = await withPin()
  await locker.addAuthenticator(new Finger({ secrets: true }), 'me')
  const again = await reopen()
  await assert.rejects(again.unlockBy(new Finger({ secrets: true })), { code: 'authenticator_failed' })
  await assert.rejects(again.unlockBy(new Finger({ secrets: false })), { code: 'authenticator_failed' })
  assert.equal(again.locked, true)
})

test('an authenticator without a secret opens what it locked, and a start asks for the PIN', async () => {
  const { reopen, locker, sealed } = await withPin()
  const finger = new Finger({ secrets: false })
  await locker.addAuthenticator(finger, 'me')
  assert.equal(locker.authenticator, 'gate')
  locker.lock()
  finger.read = false
  await assert.rejects(locker.unlockBy(finger), { code: 'authenticator_failed' })
  await assert.rejects(locker.open(sealed, 'x'), { code: 'locked' })
  finger.read = true
  await locker.unlockBy(finger)
  assert.deepEqual(await locker.open(sealed, 'x'), plain)
  const again = await reopen()
  assert.equal(again.authenticatorOpens, false)
  await assert.rejects(again.unlockBy(finger), { code: 'authenticator_failed' })
  await again.unlock('2468')
})

test('without a PIN there is no authenticator, and with the PIN it goes', async () => {
  const store = new MemoryStore()
  const locker = await Locker.open(store, () => 0)
  const finger = new Finger({ secrets: true })
  await assert.rejects(locker.addAuthenticator(finger, 'me'), { code: 'wrong_state' })
  await locker.setPin('2468')
  await locker.addAuthenticator(finger, 'me')
  await locker.setPin(null, '2468')
  assert.equal((await Locker.open(store, () => 0)).authenticator, null)
})

test('a PIN opens what it closed, whatever it costs to try one by now', async () => {
  const { reopen, sealed } = await withPin()
  const harder = await reopen(2 * FEW)
  await harder.unlock('2468')
  assert.deepEqual(await harder.open(sealed, 'x'), plain)
  await harder.setPin('1357', '2468')
  const easier = await reopen()
  await assert.rejects(easier.unlock('2468'), { code: 'wrong_pin' })
  await easier.unlock('1357')
  assert.deepEqual(await easier.open(sealed, 'x'), plain)
})

test('without another word a PIN costs what is recommended, and as much when it is set again', async () => {
  const store = new MemoryStore()
  const locker = await Locker.open(store, () => 0)
  await locker.setPin('2468')
  assert.equal((await store.get<{ rounds: number }>('key', 'local'))?.rounds, 600_000)
  const again = await Locker.open(store, () => 0)
  await again.unlock('2468')
  assert.equal(again.locked, false)
})
