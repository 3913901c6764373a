import { type Bytes, fromBase64url, toBase64url } from '../core/bytes.ts'
import { CHUNK_PLAIN, checkChunk, chunkCount, MAX_CHUNK, newFileKey, openFile, sealChunk } from '../core/file.ts'
import { Refusal } from '../core/refusal.ts'
import type { Progress } from './act.ts'
import type { Change, Store } from './store.ts'
import type { Transport } from './transport.ts'
import type { AnswerFile, KeptFile } from './views.ts'

/** A chunk by its name, and its bytes as it travels. */
export type ChunkName = { name: string; size: number }

type Needs = {
  store: Store
  transport: Pick<Transport, 'missingChunks' | 'putChunk' | 'chunk'>
  now: () => number
}

/** What the table `file` holds: whose chunks are here, and whether they are nowhere else. */
type Row = { at: number; chunks: string[]; bytes: number; own: boolean }

const DAY = 24 * 3_600_000
/** How long what nobody sent is kept: a draft may lie a while. */
const OWN_FOR = 60 * DAY
/** What can be fetched again stays so long, and only so much of it. */
const FETCHED_FOR = 30 * DAY
const FETCHED_MOST = 64 * 1024 * 1024

/**
 * Files of a device. A file is sealed when it is added and lies here in encrypted chunks, so that a cut line, a killed tab or a
 * dead battery costs one chunk at most; what the server has is asked, never remembered.
 */
export class Files {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /**
   * Seals a file piece by piece, under a key of its own; durable when it resolves. Throws `Refusal`: `file_too_large`,
   * `device_full`.
   */
  async add({ name, type, bytes, taken = null, place = null }: ToKeep): Promise<KeptFile> {
    const size = bytes instanceof Blob ? bytes.size : bytes.length
    const count = chunkCount(size)
    const key = newFileKey()
    const changes: Change[] = []
    const chunks: string[] = []
    for (let index = 0; index < count; index++) {
      const plain = await pieceOf(bytes, index * CHUNK_PLAIN, (index + 1) * CHUNK_PLAIN)
      const chunk = await sealChunk(key, index, count, plain)
      const hash = toBase64url(chunk.hash)
      chunks.push(hash)
      changes.push({ table: 'chunk', key: hash, value: chunk.bytes })
    }
    await this.#prune()
    changes.push({ table: 'file', key: chunks[0]!, value: this.#row(chunks, size, true) })
    await this.#needs.store.write(changes)
    return { name, type, size, key: toBase64url(key), chunks, taken, place }
  }

  /** Removes a file that no act names. */
  forget({ chunks }: Pick<KeptFile, 'chunks'>): Promise<void> {
    return this.#needs.store.write(removalOf(chunks))
  }

  /**
   * Brings to the server what it has not of these chunks, one after another. True when all are there; false when `pause` said so
   * between two. Throws `Refusal`: `file_missing` (neither there nor here), `offline` and what the server says.
   */
  async upload(chunks: readonly ChunkName[], progress: Progress, pause: () => Promise<boolean>): Promise<boolean> {
    const { transport, store } = this.#needs
    const missing = new Set(await transport.missingChunks(chunks.map(({ name }) => name)))
    const total = bytesOf(chunks)
    let done = total - bytesOf(chunks.filter(({ name }) => missing.has(name)))
    progress(done, total)
    for (const { name, size } of chunks) {
      if (!missing.delete(name)) continue // there, or twice in the list
      const bytes = await store.get<Bytes>('chunk', name)
      if (!bytes) throw new Refusal('file_missing', 'A chunk is not on this device any more', { chunk: name })
      await transport.putChunk(name, bytes)
      done += size
      progress(done, total)
      if (missing.size > 0 && (await pause())) return false
    }
    return true
  }

  /** An act that names these chunks was accepted: from now on they are a copy. */
  async settle(chunks: readonly ChunkName[]): Promise<void> {
    const { store } = this.#needs
    const names = new Set(chunks.map(({ name }) => name))
    const rows = (await store.list<Row>('file')).filter(([first, { own }]) => own && names.has(first))
    await store.write(rows.map(([key, row]) => ({ table: 'file', key, value: { ...row, own: false } })))
  }

  /**
   * The file itself. Chunks come from this device where they are here; each that is fetched is kept at once. Throws `Refusal`:
   * `offline`, `file_missing` (the server has it not), `file_altered`.
   */
  async fetch({ key, chunks, size }: KeptFile, progress: Progress = () => {}): Promise<Bytes> {
    const { store } = this.#needs
    const found: Bytes[] = []
    let done = 0
    let fetched = false
    for (const name of chunks) {
      let bytes = await store.get<Bytes>('chunk', name)
      if (!bytes) {
        bytes = await this.#fetchChunk(name)
        if (!fetched) await this.#prune()
        fetched = true
        await this.#keepFetched(chunks, size, name, bytes)
      }
      found.push(bytes)
      done += bytes.length
      progress(Math.min(done, size), size)
    }
    const file = await openFile(fromBase64url(key), chunks.map(fromBase64url), found)
    if (file.length !== size) throw new Refusal('file_altered', 'Of another size than its author says')
    return file
  }

  async #fetchChunk(name: string): Promise<Bytes> {
    try {
      const bytes = await this.#needs.transport.chunk(name)
      checkChunk(fromBase64url(name), bytes)
      return bytes
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'not_found') throw error
      throw new Refusal('file_missing', 'The server has not that chunk', { chunk: name })
    }
  }

  /** A device without room shows the file all the same. */
  async #keepFetched(chunks: string[], size: number, name: string, bytes: Bytes): Promise<void> {
    const { store } = this.#needs
    const row = (await store.get<Row>('file', chunks[0]!)) ?? this.#row(chunks, size, false)
    const changes: Change[] = [
      { table: 'file', key: chunks[0]!, value: row },
      { table: 'chunk', key: name, value: bytes },
    ]
    await store.write(changes).catch((error: unknown) => {
      if (!(error instanceof Refusal) || error.code !== 'device_full') throw error
    })
  }

  #row(chunks: string[], bytes: number, own: boolean): Row {
    return { at: this.#needs.now(), chunks, bytes, own }
  }

  /** Makes room: what was fetched long ago or is too much, oldest first, and what was added long ago and never sent. */
  async #prune(): Promise<void> {
    const { store, now } = this.#needs
    const rows = (await store.list<Row>('file')).sort(([, a], [, b]) => b.at - a.at)
    if (rows.length === 0) return
    const waiting = await store.list<{ chunks?: ChunkName[] }>('outbox')
    const needed = new Set(waiting.flatMap(([, { chunks = [] }]) => chunks.map(({ name }) => name)))
    let fetched = 0
    const gone: Change[] = []
    for (const [first, { at, chunks, bytes, own }] of rows) {
      if (needed.has(first)) continue
      if (!own) fetched += bytes
      const stays = own ? at > now() - OWN_FOR : at > now() - FETCHED_FOR && fetched <= FETCHED_MOST
      if (!stays) gone.push(...removalOf(chunks))
    }
    if (gone.length > 0) await store.write(gone)
  }
}

type ToKeep = Omit<AnswerFile, 'taken' | 'place'> & Partial<Pick<KeptFile, 'taken' | 'place'>>

/** The chunks of files, each with its size as it travels. */
export function chunksOf(files: readonly KeptFile[]): ChunkName[] {
  return files.flatMap(({ chunks, size }) =>
    chunks.map((name, index) => {
      const isLast = index === chunks.length - 1
      return { name, size: isLast ? size - index * CHUNK_PLAIN + (MAX_CHUNK - CHUNK_PLAIN) : MAX_CHUNK }
    }),
  )
}

function bytesOf(chunks: readonly ChunkName[]): number {
  return chunks.reduce((sum, { size }) => sum + size, 0)
}

function removalOf(chunks: readonly string[]): Change[] {
  return [
    { table: 'file', key: chunks[0]!, value: undefined },
    ...chunks.map((key): Change => ({ table: 'chunk', key, value: undefined })),
  ]
}

async function pieceOf(bytes: Bytes | Blob, from: number, to: number): Promise<Bytes> {
  if (bytes instanceof Blob) return new Uint8Array(await bytes.slice(from, to).arrayBuffer())
  return bytes.subarray(from, to)
}
