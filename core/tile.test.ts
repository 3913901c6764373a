import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Bytes, concat, utf8 } from './bytes.ts'
import { consistencyProof, hashReaderFromList, inclusionProof, leafHash, treeRoot } from './merkle.ts'
import { multiproof } from './multiproof.ts'
import { Refusal } from './refusal.ts'
import {
  completedTiles,
  decodeBundle,
  encodeBundle,
  hashReaderFromTiles,
  parseTilePath,
  TILE_WIDTH,
  TileEdge,
  type TilePlace,
  tilePath,
  tilesFor,
  tilesForEdge,
  tileWidth,
} from './tile.ts'

const SIZE = 70_000
const leaves = Array.from({ length: SIZE }, (_, i) => leafHash(utf8(`leaf ${i}`)))
const fromList = hashReaderFromList(leaves)

/** Tiles of the tree as the definition has them, cut off at a width. */
function tileOf(level: number, index: number, width: number): Bytes {
  return concat(...Array.from({ length: width }, (_, i) => fromList(8 * level, index * TILE_WIDTH + i)))
}

function refusalOf(act: () => unknown): string | null {
  try {
    act()
    return null
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error))
    return error.code
  }
}

test('tiles are addressed as tlog-tiles has it', () => {
  const cases: [TilePlace, string][] = [
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 2, index: 999, width: 1 }, 'tile/2/999.p/1'],
    [{ level: 1, index: 1000, width: 255 }, 'tile/1/x001/000.p/255'],
    [{ level: 'entries', index: 67, width: 256 }, 'tile/entries/067'],
    [{ level: 'entries', index: 1000, width: 17 }, 'tile/entries/x001/000.p/17'],
  ]
  for (const [place, path] of cases) {
    assert.equal(tilePath(place), path)
    assert.deepEqual(parseTilePath(path), place)
  }
})

test('a tile has one address', () => {
  const index = fc.oneof(fc.nat(3000), fc.maxSafeInteger().map(Math.abs))
  const level = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant('entries' as const))
  fc.assert(
    fc.property(level, index, fc.integer({ min: 1, max: 256 }), (level, index, width) => {
      assert.deepEqual(parseTilePath(tilePath({ level, index, width })), { level, index, width })
    }),
  )
  const others = [
    '',
    'tile/0/0',
    'tile/00/000',
    'tile/0/x000/067',
    'tile/0/001/000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
  ]
  const more = [
    'tile/0/000.p/01',
    'tile/-1/000',
    '/tile/0/000',
    'tile/0/000\n',
    'tile/0/x',
    'tile/entries/',
    'tile/0/০০০',
  ]
  for (const path of [...others, ...more])
    assert.equal(
      refusalOf(() => parseTilePath(path)),
      'not_found',
      path,
    )
  fc.assert(
    fc.property(fc.string(), (path) =>
      assert.equal(
        refusalOf(() => parseTilePath(path)),
        'not_found',
      ),
    ),
  )
})

test('a tree of 70,000 has the tiles tlog-tiles says it has', () => {
  const full = completedTiles(0, SIZE)
  assert.equal(full.filter(({ level }) => level === 0).length, 273)
  assert.equal(full.filter(({ level }) => level === 1).length, 1)
  assert.equal(full.length, 274)
  assert.equal(tileWidth(0, 272, SIZE), 256)
  assert.equal(tileWidth(0, 273, SIZE), 112)
  assert.equal(tileWidth('entries', 273, SIZE), 112)
  assert.equal(tileWidth(0, 274, SIZE), 0)
  assert.equal(tileWidth(1, 1, SIZE), 17)
  assert.equal(tileWidth(2, 0, SIZE), 1)
  assert.equal(tileWidth(3, 0, SIZE), 0)
  assert.deepEqual([tileWidth(0, 0, 256), tileWidth(1, 0, 256), tileWidth(2, 0, 256)], [256, 1, 0])
})

test('the growing edge gives every full tile once, and every partial one', () => {
  const edge = new TileEdge()
  const got: TilePlace[] = []
  for (const [i, leaf] of leaves.entries()) {
    const before = edge.size
    const full = edge.append(leaf)
    assert.deepEqual(
      full.map(({ level, index }) => ({ level, index, width: 256 })),
      completedTiles(before, edge.size),
    )
    for (const { level, index, bytes } of full) {
      assert.deepEqual(bytes, tileOf(level, index, TILE_WIDTH))
      got.push({ level, index, width: TILE_WIDTH })
    }
    if (i % 4999 !== 0 && i % 65_536 > 1) continue
    assert.deepEqual(edge.root(), treeRoot(fromList, edge.size))
    for (let level = 0; level <= 3; level++) {
      const index = Math.floor(edge.size / TILE_WIDTH ** (level + 1))
      const width = tileWidth(level, index, edge.size)
      const partial = width === 0 ? null : { level, index, bytes: tileOf(level, index, width) }
      assert.deepEqual(edge.tile(level), partial)
    }
  }
  assert.equal(got.length, completedTiles(0, SIZE).length)
})

test('an edge read back from the tiles foretold, or copied, grows on', () => {
  for (const size of [0, 1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 69_000]) {
    const needed = new Set(tilesForEdge(size).map(({ level, index }) => `${level}/${index}`))
    assert.ok(needed.size <= 256)
    const edge = TileEdge.read((level, index) => {
      assert.ok(needed.delete(`${level}/${index}`), 'foretold and read once')
      return tileOf(level, index, tileWidth(level, index, SIZE))
    }, size)
    assert.equal(needed.size, 0)
    assert.equal(edge.size, size)
    assert.deepEqual(edge.root(), treeRoot(fromList, size))
    const copy = edge.clone()
    const full = leaves.slice(size, size + 600).flatMap((leaf) => copy.append(leaf))
    for (const { level, index, bytes } of full) assert.deepEqual(bytes, tileOf(level, index, TILE_WIDTH))
    assert.deepEqual(copy.root(), treeRoot(fromList, size + 600))
    assert.deepEqual(edge.root(), treeRoot(fromList, size))
  }
})

test('proofs read from tiles are the proofs read from leaves, and ask only for the tiles foretold', () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: SIZE }))
  fc.assert(
    fc.property(size, fc.nat(), fc.nat(), (size, a, b) => {
      const works = [
        (read: typeof fromList) => inclusionProof(read, a % size, size),
        (read: typeof fromList) => consistencyProof(read, b % (size + 1), size),
        (read: typeof fromList) =>
          multiproof(
            read,
            [...new Set([a % size, b % size])].sort((x, y) => x - y),
            size,
          ),
      ]
      for (const work of works) {
        const tiles = new Map(
          tilesFor(work, size).map(({ level, index, width }) => [
            `${level}/${index}`,
            tileOf(Number(level), index, width),
          ]),
        )
        const read = hashReaderFromTiles(
          (level, index) => tiles.get(`${level}/${index}`) ?? assert.fail('not foretold'),
        )
        assert.deepEqual(work(read), work(fromList))
      }
    }),
  )
})

test('a tile that is too short or cut in a hash is refused', () => {
  const short = hashReaderFromTiles(() => new Uint8Array(32 * 4))
  assert.equal(
    refusalOf(() => short(0, 4)),
    'bad_tile',
  )
  assert.equal(
    refusalOf(() => short(3, 0)),
    'bad_tile',
  )
  assert.equal(
    refusalOf(() => hashReaderFromTiles(() => new Uint8Array(33))(0, 0)),
    'bad_tile',
  )
  assert.equal(
    refusalOf(() => TileEdge.read(() => new Uint8Array(32), 2)),
    'bad_tile',
  )
})

test('an entry bundle gives its entries back', () => {
  assert.deepEqual(encodeBundle([utf8('ab'), utf8('')]), Uint8Array.of(0, 2, 0x61, 0x62, 0, 0))
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 10 }), (entries) => {
      assert.deepEqual(decodeBundle(encodeBundle(entries), entries.length), entries)
      assert.equal(
        refusalOf(() => decodeBundle(encodeBundle(entries), entries.length + 1)),
        'bad_tile',
      )
      assert.equal(
        refusalOf(() => decodeBundle(encodeBundle(entries), entries.length - 1)),
        'bad_tile',
      )
    }),
  )
  assert.throws(() => encodeBundle([new Uint8Array(0x10000)]), RangeError)
})

test('any bytes are a bundle or are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(6), (bytes, width) => {
      if (refusalOf(() => decodeBundle(bytes, width)) === null) {
        assert.deepEqual(encodeBundle(decodeBundle(bytes, width)), bytes)
      }
    }),
  )
})
