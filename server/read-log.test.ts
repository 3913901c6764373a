import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Bytes, randomBytes, toBase64url, utf8 } from '../core/bytes.ts'
import type { Cbor } from '../core/cbor.ts'
import { openCheckpoint } from '../core/checkpoint.ts'
import { sha256 } from '../core/hash.ts'
import { idText, readCose, thumbprint } from '../core/item.ts'
import { decodeLeaf, verifyChain } from '../core/leaf.ts'
import { leafHash, treeRoot, verifyConsistency, verifyInclusion } from '../core/merkle.ts'
import { verifyMultiproof } from '../core/multiproof.ts'
import { policyOf } from '../core/policy.ts'
import { verifyItemProof } from '../core/proof.ts'
import { decodeBundle, hashReaderFromTiles } from '../core/tile.ts'
import { readWrap, wrapLeaf } from '../core/wrap.ts'
import { testDatabase } from '../test/helpers/database.ts'
import { makeNote } from '../test/helpers/notes.ts'
import { type Member, type NotesServer, openNotesServer, syncAsk } from '../test/helpers/notes-server.ts'

type Entry = { index: number; text: string; leaf: Bytes; map: Map<number, Cbor> }

let server: NotesServer
let post: Bytes
let holder: Member
let stranger: Member

before(async () => {
  const { db } = await testDatabase()
  server = await openNotesServer(db)
  post = randomBytes(16)
  holder = await server.join([idText(post)])
  stranger = await server.join()
})
after(() => server.close())

function entriesOf(value: Cbor | undefined): Entry[] {
  return (value as Map<number, Cbor>[]).map((map) => ({
    index: map.get(1) as number,
    text: readCose(map.get(2) as Bytes).header.fields.get(1) as string,
    leaf: map.get(8) as Bytes,
    map,
  }))
}

async function sync(member: Member, cursors: [string, number][], known = 0) {
  const reply = await server.cbor('/api/sync', { as: member, body: syncAsk(cursors, known) })
  const head = await openCheckpoint(reply.get(1) as string, server.key.note)
  const entries = entriesOf(reply.get(4))
  const leaves = entries.map(({ index, leaf }) => ({ index, hash: leafHash(leaf) }))
  verifyMultiproof(leaves, head, reply.get(5) as Bytes[])
  const cursor = (reply.get(3) as [Bytes, number, boolean][]).map(([party, at, more]) => ({
    party: toBase64url(party),
    at,
    more,
  }))
  return { head, entries, cursor, consistency: reply.get(2) as Bytes[] }
}

describe('sync', () => {
  test('gives a party its entries from the cursor on, proven, and nobody else', async () => {
    const shown = await server.send(
      await makeNote(server.author, 'for the post', { readers: [post], body: [utf8('summary'), utf8('rest')] }),
      await makeNote(server.author, 'for nobody'),
      await makeNote(server.author, 'for the post too', { readers: [post] }),
    )
    const first = await sync(holder, [[idText(post), 0]])
    assert.deepEqual(
      first.entries.map(({ text }) => text),
      ['for the post', 'for the post too'],
    )
    assert.deepEqual(first.cursor, [{ party: idText(post), at: first.head.size, more: false }])
    assert.deepEqual(
      first.entries.map(({ index }) => index),
      [shown[0], shown[2]].map((answer) => (answer as { index: number }).index),
    )
    const none = await sync(holder, [[idText(post), first.head.size]])
    assert.deepEqual(none.entries, [])
    const theirs = await sync(stranger, [[idText(post), 0]])
    assert.deepEqual(theirs.entries, [])
    assert.deepEqual(theirs.cursor, [{ party: idText(post), at: 0, more: false }], 'the cursor stays as it was')
  })

  test('proves that the log only grew', async () => {
    const before = await sync(holder, [])
    await server.send(await makeNote(server.author, 'growth', { readers: [post] }))
    const after = await sync(holder, [[idText(post), before.head.size]], before.head.size)
    verifyConsistency(before.head, after.head, after.consistency)
    assert.equal(after.entries.length, 1)
    const ahead = await sync(holder, [], after.head.size + 1_000)
    assert.deepEqual(ahead.consistency, [], 'whoever knows a longer log is given no proof')
  })

  test('hands out a long history in pieces without a gap', async () => {
    const party = randomBytes(16)
    server.notes.posts.set(holder.person, [idText(post), idText(party)])
    const notes = await Promise.all(
      Array.from({ length: 230 }, (_, i) => makeNote(server.author, `piece ${i}`, { readers: [party] })),
    )
    for (let at = 0; at < notes.length; at += 60) await server.send(...notes.slice(at, at + 60))
    const texts: string[] = []
    for (let cursor = 0, more = true; more; ) {
      const piece = await sync(holder, [[idText(party), cursor]])
      texts.push(...piece.entries.map(({ text }) => text))
      ;({ at: cursor, more } = piece.cursor[0]!)
    }
    assert.deepEqual(
      texts,
      notes.map((_, i) => `piece ${i}`),
    )
  })

  test('brings the one wrap the device can open, with its path', async () => {
    const party = randomBytes(16)
    const wraps = [randomBytes(16), party, thumbprint(holder.device.key.publicKey)].map((ring, generation) => ({
      ring,
      generation,
      enc: randomBytes(1120),
      ct: randomBytes(48),
    }))
    server.notes.posts.set(holder.person, [idText(post), idText(party)])
    await server.send(await makeNote(server.author, 'sealed', { readers: [party], wraps }))
    const { entries } = await sync(holder, [[idText(party), 0]])
    const { map } = entries.at(-1)!
    const wrap = readWrap(map.get(5)!)
    assert.equal(wrap.generation, 2, "the device's own before a post's")
    const { header } = readCose(map.get(2) as Bytes)
    const head = { size: header.wraps!.count, root: header.wraps!.root }
    verifyInclusion(leafHash(wrapLeaf(wrap)), map.get(7) as number, head, map.get(6) as Bytes[])
  })
})

describe('a directory bundle', () => {
  test('holds whole chains, proven by their newest entry, and names the empty ones', async () => {
    const [party, empty] = [randomBytes(16), randomBytes(16)]
    for (const text of ['one', 'two', 'three']) await server.send(await makeNote(server.author, text, { party }))
    const body = new Map<number, Cbor>([
      [1, [party, empty]],
      [2, 0],
    ])
    const reply = await server.cbor('/api/directory', { body })
    const head = await openCheckpoint(reply.get(1) as string, server.key.note)
    const entries = entriesOf(reply.get(3))
    const own = entries.filter(({ index }) => index > 0)
    assert.deepEqual(
      own.map(({ text }) => text),
      ['one', 'two', 'three'],
    )
    verifyChain(own.map(({ leaf }) => decodeLeaf(leaf)))
    const newest = [entries[0]!, own.at(-1)!].map(({ index, leaf }) => ({ index, hash: leafHash(leaf) }))
    verifyMultiproof(newest, head, reply.get(5) as Bytes[])
    assert.deepEqual(reply.get(4), [Uint8Array.of(1, ...empty)])
  })
})

describe('a thread, a section and a proof', () => {
  const directive = randomBytes(16)
  let id: string

  before(async () => {
    id = idText(randomBytes(16))
    const note = await makeNote(server.author, 'in a thread', {
      id: Uint8Array.fromBase64(id, { alphabet: 'base64url' }),
      thread: [directive, post],
      body: [utf8('said in confidence')],
    })
    await server.send(note)
  })

  test('are given to readers of the thread', async () => {
    const thread = await server.cbor(`/api/threads/${idText(directive)}/${idText(post)}?size=0`, { as: holder })
    assert.deepEqual(
      entriesOf(thread.get(3)).map(({ text }) => text),
      ['in a thread'],
    )
    const section = await server.call(`/api/items/${id}/sections/0`, { as: holder })
    assert.equal(await section.text(), 'said in confidence')
    const proof = (await (await server.call(`/api/proof/${id}`, { as: holder })).json()) as { tlogProof: string }
    const cose = entriesOf(thread.get(3))[0]!.map.get(2) as Bytes
    const proven = await verifyItemProof(proof.tlogProof, cose, policyOf(server.key.note))
    assert.deepEqual(proven.leaf.item, sha256(cose))
  })

  test('look to everybody else as if they were not there', async () => {
    for (const path of [
      `/api/threads/${idText(directive)}/${idText(post)}`,
      `/api/items/${id}/sections/0`,
      `/api/proof/${id}`,
    ]) {
      const theirs = await server.call(path, { as: stranger })
      const nothing = await server.call(path.replaceAll(id, idText(randomBytes(16))), { as: stranger })
      assert.equal(theirs.status, 404, path)
      assert.deepEqual(await theirs.json(), await nothing.json())
    }
    assert.equal((await server.call(`/api/items/${id}/sections/7`, { as: holder })).status, 404)
  })
})

describe('the log for its watchers', () => {
  test('is public as C2SP tiles that give the root of the checkpoint', async () => {
    const more = await Promise.all(Array.from({ length: 60 }, (_, i) => makeNote(server.author, `more ${i}`)))
    await server.send(...more)
    const { size, root } = await openCheckpoint(await (await server.call('/checkpoint')).text(), server.key.note)
    assert.ok(size > 256, 'a full tile and a partial one')
    const partial = size % 256
    const tiles = await Promise.all(
      [
        'tile/0/000',
        `tile/0/001.p/${partial}`,
        'tile/entries/000',
        `tile/entries/001.p/${partial}`,
        'tile/1/000.p/1',
      ].map(async (path) => new Uint8Array(await (await server.call(`/${path}`)).arrayBuffer())),
    )
    const read = hashReaderFromTiles((level, n) => tiles[level === 0 ? n : 4]!)
    assert.deepEqual(treeRoot(read, size), root)
    const leaves = [...decodeBundle(tiles[2]!, 256), ...decodeBundle(tiles[3]!, partial)]
    const hashes = leaves.map((leaf) => leafHash(leaf))
    assert.deepEqual(Buffer.concat(hashes), Buffer.concat([tiles[0]!, tiles[1]!]))
    const earlier = await server.call('/tile/0/000.p/17')
    assert.deepEqual(new Uint8Array(await earlier.arrayBuffer()), tiles[0]!.slice(0, 17 * 32))
    assert.equal((await server.call(`/tile/0/001.p/${partial + 1}`)).status, 404, 'not that long')
    assert.equal((await server.call('/tile/0/1')).status, 404, 'not an address')
  })

  test('tells what service it is', async () => {
    const service = await server.cbor('/api/service')
    const head = await openCheckpoint(service.get(4) as string, server.key.note)
    verifyInclusion(leafHash(service.get(2) as Bytes), 0, head, service.get(3) as Bytes[])
    assert.deepEqual(decodeLeaf(service.get(2) as Bytes).item, sha256(service.get(1) as Bytes))
  })
})
