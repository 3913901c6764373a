import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toBase64url } from '../../core/bytes.ts'
import { namesOf } from './names.ts'
import { map, newHand, raw, smallService } from './testing.ts'

const DAY = 86_400_000

test('only the first root key signs a root, and only once', async () => {
  const { log, a, b } = await smallService()
  await assert.rejects(log.act(a, 'root', map(['ক', 'k', [a.publicKey, b.publicKey], new Uint8Array(32), 'o'])), {
    code: 'not_allowed',
  })
})

test('an appointment takes effect when another hand approves, and not before', async () => {
  const { log, a, b, makePerson, uno } = await smallService()
  const person = await makePerson('p')
  await log.act(a, 'appoint', map([raw(person), raw(uno), 'regular', '2024-01-01', null]))
  assert.equal(log.directory.holds(person, uno), false)
  await assert.rejects(log.approve(a), { code: 'not_allowed' })
  await log.approve(b)
  assert.equal(log.directory.holds(person, uno), true)
  await assert.rejects(log.approve(b), { code: 'not_found' })
})

test('after the first delegation the root keys author the directory no more, and the delegated posts do', async () => {
  const { log, a, b, makePost, makePerson, appoint, join } = await smallService()
  const post = await makePost('hr', 'hr-maker', null)
  const person = await makePerson('hr')
  const device = await join(person, await appoint(person, post))
  await log.act(a, 'delegate', map([raw(post), ['register'], null]))
  assert.equal(log.directory.hasDelegation(), false)
  await log.approve(b)
  await assert.rejects(makePerson('no-longer'), { code: 'not_allowed' })
  await makePerson('by-hr', device)
  await assert.rejects(appoint(person, post, device), { code: 'not_allowed' }, 'register is not make')
})

test('root keys may delegate further after they handed over, and only a root key approves that', async () => {
  const { log, a, b, makePost, makePerson, appoint, join } = await smallService()
  const [maker, checker] = [await makePost('maker', 'hr-maker', null), await makePost('checker', 'hr-checker', null)]
  const person = await makePerson('checker')
  const device = await join(person, await appoint(person, checker))
  await log.act(a, 'delegate', map([raw(maker), ['make'], null]))
  await log.approve(b)
  await log.act(a, 'delegate', map([raw(checker), ['check'], null]))
  await assert.rejects(log.approve(device), { code: 'not_allowed' })
  await log.approve(b)
  await log.act(b, 'delegate', map([raw(checker), ['check', 'ticket'], null]))
  await assert.rejects(log.approve(device), { code: 'not_allowed' }, 'a power over checks is no root key')
})

test('a ticket lets in one device of one person, until it expires', async () => {
  const { log, a, makePerson, addDevice } = await smallService()
  const person = await makePerson('p')
  const other = await makePerson('other')
  const ticket = await newHand('ticket')
  await log.act(a, 'ticket', map([raw(person), ticket.publicKey, 1_700_000_000_000 + 7 * DAY, new Uint8Array(32)]))
  await assert.rejects(addDevice(other, ticket), { code: 'ticket_wrong' })
  log.moveClock(8 * DAY)
  await assert.rejects(addDevice(person, ticket), { code: 'ticket_expired' })
  log.moveClock(-7 * DAY)
  await addDevice(person, ticket)
  await assert.rejects(addDevice(person, ticket), { code: 'ticket_used' })
})

test('a second device by ticket needs two HR hands, and closes the first', async () => {
  const { log, a, b, makePerson, join } = await smallService()
  const person = await makePerson('p')
  const lost = await join(person)
  await assert.rejects(join(person), { code: 'ticket_not_needed' })
  const found = await join(person, undefined, a, b)
  assert.equal(log.directory.isLive(toBase64url(lost.id)), false)
  assert.equal(log.directory.isLive(toBase64url(found.id)), true)
})

test('an item of a closed device is refused from the place of its closing, in whatever batch', async () => {
  const { log, makePerson, join, addDevice } = await smallService()
  const person = await makePerson('p')
  const first = await join(person)
  const second = await addDevice(person, first)
  const closed = await log.act(second, 'device-revoke', map([raw(person), first.id]))
  await assert.rejects(addDevice(person, first), { code: 'revoked_device' })
  assert.equal(log.directory.author({ ...closed.header, signer: first }, closed.index - 1).person, person)
})

test('a post is read by its ring, then by its holder, then by whoever supervises, and at last by the record room', async () => {
  const { log, makePerson, appoint, join, makeRing, member, room, dc, uno } = await smallService()
  const keeper = await makePerson('keeper')
  await appoint(keeper, room)
  const roomDevice = await join(keeper)
  assert.deepEqual(log.directory.cover(uno), [{ id: toBase64url(roomDevice.id), generation: 0 }])
  const above = await makePerson('above')
  await appoint(above, dc)
  const aboveDevice = await join(above)
  await makeRing(aboveDevice, above, [member(aboveDevice)])
  assert.deepEqual(log.directory.cover(uno), [{ id: above, generation: 1 }])
  const officer = await makePerson('officer')
  const appointment = await appoint(officer, uno)
  assert.deepEqual(log.directory.cover(uno), [{ id: above, generation: 1 }], 'a holder who has not joined')
  const device = await join(officer, appointment)
  const own = await makeRing(device, officer, [member(device)])
  assert.deepEqual(log.directory.cover(uno), [{ id: officer, generation: 1 }])
  await makeRing(device, uno, [own])
  assert.deepEqual(log.directory.cover(uno), [{ id: uno, generation: 1 }])
})

test('the cover never includes a removed member: a closed device, a former holder', async () => {
  const { log, a, b, makePerson, appoint, join, addDevice, makeRing, member, dc, uno } = await smallService()
  const boss = await makePerson('boss')
  await appoint(boss, dc)
  const bossDevice = await join(boss)
  const officer = await makePerson('officer')
  const appointment = await appoint(officer, uno)
  const first = await join(officer, appointment)
  const second = await addDevice(officer, first, appointment)
  const own = await makeRing(first, officer, [member(first), member(second)])
  await makeRing(first, uno, [own])
  await log.act(second, 'device-revoke', map([raw(officer), first.id]))
  assert.equal(log.directory.isStale(uno), true)
  assert.deepEqual(log.directory.cover(uno), [{ id: toBase64url(second.id), generation: 0 }])
  await log.act(a, 'end', map([raw(appointment), '2024-06-01', null, raw(uno)]))
  await log.approve(b)
  assert.deepEqual(log.directory.cover(uno), [{ id: toBase64url(bossDevice.id), generation: 0 }])
})

test('a ring names the members of the directory and nobody else, and a former holder cannot make one', async () => {
  const { log, a, b, makePerson, appoint, join, makeRing, member, uno } = await smallService()
  const officer = await makePerson('officer')
  const stranger = await makePerson('stranger')
  const appointment = await appoint(officer, uno)
  const device = await join(officer, appointment)
  const strange = await join(stranger)
  const own = await makeRing(device, officer, [member(device)])
  const other = await makeRing(strange, stranger, [member(strange)])
  await assert.rejects(makeRing(strange, uno, [other]), { code: 'not_allowed' })
  await assert.rejects(makeRing(device, uno, [own, other]), { code: 'wrong_members' })
  await makeRing(device, uno, [own])
  await log.act(a, 'end', map([raw(appointment), '2024-06-01', null, raw(uno)]))
  await log.approve(b)
  await assert.rejects(makeRing(device, uno, [own]), { code: 'not_allowed' })
})

test('a batch that failed leaves nothing behind', async () => {
  const { log, makePerson, appoint, uno } = await smallService()
  const person = await makePerson('p')
  const size = log.directory.size
  log.directory.begin()
  await appoint(person, uno)
  assert.equal(log.directory.holds(person, uno), true)
  log.directory.rollback()
  assert.equal(log.directory.holds(person, uno), false)
  assert.equal(log.directory.size, size)
  assert.deepEqual(log.directory.post(uno)?.holders, [])
})

test('posts that supervise each other in a circle still find a reader', async () => {
  const { log, a, office, makePerson, appoint, join, room, dc, uno } = await smallService()
  const circle = [raw(dc), 'dc', 'dc', 'dc', 'dc', raw(office.id), raw(uno), null, null, 0, true, [], false]
  await assert.rejects(log.act(a, 'post', map(circle)), { code: 'bad_input' })
  log.directory.setPost({ ...log.directory.post(dc)!, supervisor: uno })
  const keeper = await makePerson('keeper')
  await appoint(keeper, room)
  const device = await join(keeper)
  assert.deepEqual(log.directory.cover(uno), [{ id: toBase64url(device.id), generation: 0 }])
})

test('the list of names says above whom a post stands and which person holds it, and of a vacant one nobody', async () => {
  const { log, makePerson, appoint, uno } = await smallService()
  const named = () => namesOf(log.directory).find(({ id }) => id === uno)!
  assert.deepEqual([named().person, named().vacant], [undefined, true])
  const person = await makePerson('p')
  await appoint(person, uno)
  assert.equal(named().person, person)
  assert.equal(named().vacant, undefined)
  assert.equal(named().supervisor, log.directory.post(uno)!.supervisor)
})
