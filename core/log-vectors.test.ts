import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { toHex, utf8 } from './bytes.ts'
import { chainTag } from './chain.ts'
import { formatCheckpoint, signCheckpoint } from './checkpoint.ts'
import { signingKeyFromSeed } from './cose.ts'
import { cosign } from './cosignature.ts'
import { sha256 } from './hash.ts'
import { encodeLeaf, hashLeaf, type Leaf } from './leaf.ts'
import { consistencyProof, Frontier, hashReaderFromList, inclusionProof, leafHash, treeRoot } from './merkle.ts'
import { multiproof } from './multiproof.ts'
import { COSIGNATURE, formatVerifierKey, noteKey } from './note.ts'
import { formatPolicy } from './policy.ts'
import { formatItemProof } from './proof.ts'
import { completedTiles, encodeBundle, TileEdge, tilePath, tileWidth } from './tile.ts'

/**
 * The files of `vectors/log/`, for whoever writes another implementation. They are one-way: if a test here fails, the
 * code is wrong. A new file is written by running this with `WRITE_VECTORS=1`.
 */

const LEAF_DATA = 'leaf i is the leaf hash of the UTF-8 text "leaf <i>", i in decimal'
const leaves = Array.from({ length: 600 }, (_, i) => leafHash(utf8(`leaf ${i}`)))
const read = hashReaderFromList(leaves)
const hex = (hashes: Uint8Array[]) => hashes.map(toHex)

function keep(name: string, vectors: object): void {
  const file = new URL(`../vectors/log/${name}.json`, import.meta.url)
  const text = `${JSON.stringify(vectors, null, 2)}\n`
  if (process.env.WRITE_VECTORS) writeFileSync(file, text)
  assert.equal(text, readFileSync(file, 'utf8'))
}

test('trees and their proofs are those of vectors/log/merkle.json', () => {
  const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 255, 256, 257, 600]
  const paths = [
    [0, 1],
    [0, 2],
    [2, 3],
    [5, 8],
    [8, 9],
    [255, 257],
    [256, 257],
    [599, 600],
  ] as const
  const growths = [
    [0, 5],
    [1, 1],
    [1, 8],
    [2, 5],
    [4, 7],
    [6, 8],
    [256, 600],
    [257, 600],
  ] as const
  const together = [
    [[], 9],
    [[0], 1],
    [[3], 8],
    [[0, 1, 2], 3],
    [[1, 4, 6], 7],
    [[5, 6, 300, 599], 600],
  ] as const
  keep('merkle', {
    about: `RFC 6962 trees; ${LEAF_DATA}. Hashes in hexadecimal. A multiproof: see core/multiproof.ts.`,
    roots: sizes.map((size) => ({ size, root: toHex(treeRoot(read, size)) })),
    frontiers: sizes.map((size) => ({ size, hashes: hex(Frontier.read(read, size).hashes()) })),
    inclusion: paths.map(([index, size]) => ({ index, size, proof: hex(inclusionProof(read, index, size)) })),
    consistency: growths.map(([from, to]) => ({ from, to, proof: hex(consistencyProof(read, from, to)) })),
    multiproofs: together.map(([indexes, size]) => ({ indexes, size, proof: hex(multiproof(read, indexes, size)) })),
  })
})

test('tiles are those of vectors/log/tiles.json', () => {
  const edge = new TileEdge()
  const full = leaves.flatMap((leaf) => edge.append(leaf))
  const partial = [0, 1].map((level) => edge.tile(level)!)
  const growths = [
    [0, 255],
    [0, 256],
    [255, 512],
    [65_535, 65_536],
    [0, 600],
  ] as const
  const places = [
    [0, 0, 600],
    [0, 2, 600],
    [1, 0, 600],
    ['entries', 1_234_067, 1_234_067 * 256 + 17],
    [2, 0, 70_000],
  ] as const
  keep('tiles', {
    about: `C2SP tlog-tiles; ${LEAF_DATA}. Tiles of the tree of 600 by the SHA-256 of their bytes.`,
    tiles: [...full, ...partial].map(({ level, index, bytes }) => ({
      path: tilePath({ level, index, width: bytes.length / 32 }),
      sha256: toHex(sha256(bytes)),
    })),
    completed: growths.map(([from, to]) => ({ from, to, paths: completedTiles(from, to).map(tilePath) })),
    paths: places.map(([level, index, size]) => ({
      level,
      index,
      size,
      path: tilePath({ level, index, width: tileWidth(level, index, size) }),
    })),
    bundle: { entries: ['one', '', 'three'], bytes: toHex(encodeBundle(['one', '', 'three'].map(utf8))) },
  })
})

const first: Leaf = {
  item: sha256(utf8('COSE bytes of item 0')),
  time: 1_790_000_000_000,
  chain: chainTag(utf8('a chain')),
  sequence: 0,
  previous: null,
}
const second: Leaf = {
  item: sha256(utf8('COSE bytes of item 1')),
  time: 1_790_000_000_003,
  chain: chainTag(utf8('a chain')),
  sequence: 1,
  previous: hashLeaf(first),
}

test('leaves are those of vectors/log/leaf.json', () => {
  keep('leaf', {
    about: 'Leaf data and leaf hashes; bytes in hexadecimal.',
    leaves: [first, second].map((leaf) => ({
      item: toHex(leaf.item),
      time: leaf.time,
      chain: toHex(leaf.chain),
      sequence: leaf.sequence,
      previous: leaf.previous && toHex(leaf.previous),
      data: toHex(encodeLeaf(leaf)),
      hash: toHex(hashLeaf(leaf)),
    })),
  })
})

test('notes are those of vectors/log/checkpoint.json', async () => {
  const seeds = { log: new Uint8Array(32).fill(1), witness: new Uint8Array(32).fill(2) }
  const log = await signingKeyFromSeed(seeds.log)
  const witness = await signingKeyFromSeed(seeds.witness)
  const logKey = noteKey('smarak.example/log', log.publicKey)
  const witnessKey = noteKey('witness.example/w1', witness.publicKey, COSIGNATURE)
  const tree = hashReaderFromList([hashLeaf(first), hashLeaf(second)])
  const head = { size: 2, root: treeRoot(tree, 2) }
  const signed = await signCheckpoint(head, logKey, log.sign)
  const cosigned = await cosign(signed, witnessKey, 1_790_000_001, witness.sign)
  keep('checkpoint', {
    about: 'The log of the two leaves of leaf.json; Ed25519 seeds in hexadecimal (RFC 8032 private keys).',
    log: { seed: toHex(seeds.log), verifierKey: formatVerifierKey(logKey) },
    witness: { seed: toHex(seeds.witness), verifierKey: formatVerifierKey(witnessKey), time: 1_790_000_001 },
    text: formatCheckpoint({ ...head, origin: logKey.name }),
    signed,
    cosigned,
    policies: { none: formatPolicy(logKey), oneOfOne: formatPolicy(logKey, [witnessKey], 1) },
    proof: formatItemProof(second, { index: 1, hashes: inclusionProof(tree, 1, 2), checkpoint: cosigned }),
  })
})
