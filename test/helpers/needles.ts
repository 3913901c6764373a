/** Looking for a text or a key wherever a program may have left it, in every form it is likely to stand in. */
import { open, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

export type Needle = { name: string; form: string; bytes: Buffer }
export type Found = { name: string; form: string; where: string }

/** The forms of a text: UTF-8 and UTF-16, hexadecimal, base64 wherever it begins in it, escaped for JSON and for addresses. */
export function needlesOfText(name: string, text: string): Needle[] {
  const utf8 = Buffer.from(text)
  const utf16 = Buffer.from(text, 'utf16le')
  const escaped = (digits: (hex: string) => string) =>
    [...Array(text.length).keys()]
      .map((i) => text.charCodeAt(i))
      .map((unit) => (unit < 128 ? String.fromCharCode(unit) : `\\u${digits(unit.toString(16).padStart(4, '0'))}`))
      .join('')
  const percent = encodeURIComponent(text)
  return distinct([
    ...needlesOfBytes(name, utf8, 'UTF-8'),
    { name, form: 'UTF-16LE', bytes: utf16 },
    { name, form: 'UTF-16BE', bytes: Buffer.from(utf16).swap16() },
    { name, form: 'JSON', bytes: Buffer.from(escaped((hex) => hex)) },
    { name, form: 'JSON', bytes: Buffer.from(escaped((hex) => hex.toUpperCase())) },
    { name, form: 'address', bytes: Buffer.from(percent) },
    { name, form: 'address', bytes: Buffer.from(percent.toLowerCase()) },
  ])
}

/** The forms of bytes: as they are, hexadecimal, base64 wherever they begin in it. */
export function needlesOfBytes(name: string, bytes: Uint8Array, raw = 'bytes'): Needle[] {
  const hex = Buffer.from(bytes).toString('hex')
  const base64 = [0, 1, 2].flatMap((at) => {
    const whole = Buffer.concat([Buffer.alloc(at), bytes])
      .toString('base64')
      .replaceAll('=', '')
    // Only the characters that these bytes alone decide.
    const inside = whole.slice(Math.ceil((at * 8) / 6), Math.floor(((at + bytes.length) * 8) / 6))
    return [inside, inside.replaceAll('+', '-').replaceAll('/', '_')].map((text) => ({
      name,
      form: `base64 at ${at}`,
      bytes: Buffer.from(text),
    }))
  })
  return distinct([
    { name, form: raw, bytes: Buffer.from(bytes) },
    { name, form: 'hex', bytes: Buffer.from(hex) },
    { name, form: 'HEX', bytes: Buffer.from(hex.toUpperCase()) },
    ...base64,
  ])
}

function distinct(needles: Needle[]): Needle[] {
  return [...new Map(needles.map((needle) => [needle.bytes.toString('hex'), needle])).values()]
}

/** A place searched: how much there was, and what of it was found. */
export type Searched = { bytes: number; parts: number; found: Found[] }

const CHUNK = 16 * 1024 * 1024
const PAGE = 4096

/**
 * Looks for many needles in one pass, stepping over what cannot begin one: S. Wu and U. Manber, "A fast algorithm for
 * multi-pattern searching", TR 94-17, University of Arizona, 1994, with blocks of two bytes. Needles are two bytes or more.
 */
export class Search {
  /** How many bytes of each needle are looked at before it is compared: all of the shortest. */
  readonly #window: number
  /** How far the window may move when it ends with these two bytes; 0 where a needle's own window ends so. */
  readonly #shifts: Uint8Array
  readonly #byEnd = new Map<number, Needle[]>()
  readonly #longest: number

  constructor(needles: Needle[]) {
    this.#longest = Math.max(...needles.map(({ bytes }) => bytes.length))
    this.#window = Math.min(255, ...needles.map(({ bytes }) => bytes.length))
    this.#shifts = new Uint8Array(1 << 16).fill(this.#window - 1)
    for (const needle of needles) {
      for (let end = 2; end <= this.#window; end++) {
        const pair = needle.bytes.readUInt16BE(end - 2)
        this.#shifts[pair] = Math.min(this.#shifts[pair]!, this.#window - end)
      }
      const last = needle.bytes.readUInt16BE(this.#window - 2)
      this.#byEnd.set(last, [...(this.#byEnd.get(last) ?? []), needle])
    }
  }

  inBytes(where: string, bytes: Uint8Array): Searched {
    const found = new Set<Needle>()
    for (let end = this.#window; end <= bytes.length; ) {
      const pair = (bytes[end - 2]! << 8) | bytes[end - 1]!
      const shift = this.#shifts[pair]!
      if (shift === 0)
        for (const needle of this.#byEnd.get(pair)!) if (isAt(needle, bytes, end - this.#window)) found.add(needle)
      end += shift || 1
    }
    return { bytes: bytes.length, parts: 1, found: [...found].map(({ name, form }) => ({ name, form, where })) }
  }

  async inFile(where: string, path: string): Promise<Searched> {
    const { size } = await stat(path)
    if (size <= CHUNK) return this.inBytes(where, await readFile(path))
    const file = await open(path)
    try {
      return await this.#inRange(
        where,
        0,
        size,
        async (buffer, at) => (await file.read(buffer, 0, buffer.length, at)).bytesRead,
      )
    } finally {
      await file.close()
    }
  }

  /** Every file below, whatever it is called. One that goes away meanwhile is passed over. */
  async inDirectory(path: string): Promise<Searched> {
    const names = await readdir(path, { recursive: true, withFileTypes: true })
    const all: Searched[] = []
    for (const entry of names) {
      if (!entry.isFile()) continue
      const file = join(entry.parentPath, entry.name)
      all.push(await this.inFile(file.slice(path.length + 1), file).catch(goneAway))
    }
    return sum(all)
  }

  /**
   * The memory of a running process, as a core dump would hold it: every mapping it may read, shared ones too where
   * `shared`. Null where this system does not let us look.
   */
  async inMemory(where: string, pid: number, { shared = true } = {}): Promise<Searched | null> {
    const maps = await readFile(`/proc/${pid}/maps`, 'utf8').catch(() => null)
    const memory = maps === null ? null : await open(`/proc/${pid}/mem`).catch(() => null)
    if (maps === null || !memory) return null
    try {
      const all: Searched[] = []
      for (const line of maps.split('\n')) {
        const [, from, to, rights, name = ''] = /^(\w+)-(\w+) (\S+) \S+ \S+ \S+ *(.*)$/.exec(line) ?? []
        // Files mapped read-only are programs and libraries; what the kernel maps is nobody's.
        if (!from || !to || !rights?.startsWith('r') || /^\[v/.test(name)) continue
        if (name.startsWith('/') && !rights.includes('w')) continue
        if (rights.endsWith('s') && !shared) continue
        const mapping = { first: Number.parseInt(from, 16), end: Number.parseInt(to, 16) }
        const ownPages = rights.endsWith('p') && !name.startsWith('/')
        const ranges = ownPages ? await touched(pid, mapping) : [mapping]
        for (const { first, end } of ranges)
          all.push(
            await this.#inRange(`${where} ${name || 'anonymous'}`, first, end, async (buffer, at) => {
              try {
                return (await memory.read(buffer, 0, buffer.length, at)).bytesRead
              } catch {
                return 0 // a page that is not there any more
              }
            }),
          )
      }
      return sum(all)
    } finally {
      await memory.close()
    }
  }

  async #inRange(
    where: string,
    from: number,
    to: number,
    read: (buffer: Buffer, at: number) => Promise<number>,
  ): Promise<Searched> {
    const all: Searched[] = []
    const buffer = Buffer.alloc(Math.min(CHUNK, to - from) + this.#longest)
    for (let at = from; at < to; ) {
      // Each piece reaches into the next by a needle's length.
      const wanted = Math.min(CHUNK + this.#longest, to - at)
      const got = await read(buffer.subarray(0, wanted), at)
      if (got > 0) all.push({ ...this.inBytes(where, buffer.subarray(0, got)), bytes: Math.min(got, CHUNK) })
      // A page that cannot be read is stepped over, and the rest looked at all the same.
      at += got < wanted ? (Math.floor(got / PAGE) + 1) * PAGE : CHUNK
    }
    return { ...sum(all), parts: 1 }
  }
}

type Range = { first: number; end: number }

/**
 * The parts of an anonymous mapping that were ever written to, in memory or swapped out, by /proc/PID/pagemap (proc(5));
 * the whole of it where that may not be read. Pages next to each other are one part, so that no needle is cut.
 */
async function touched(pid: number, { first, end }: Range): Promise<Range[]> {
  const pagemap = await open(`/proc/${pid}/pagemap`).catch(() => null)
  if (!pagemap) return [{ first, end }]
  try {
    const pages = (end - first) / PAGE
    const { buffer, bytesRead } = await pagemap.read(Buffer.alloc(pages * 8), 0, pages * 8, (first / PAGE) * 8)
    if (bytesRead < pages * 8) return [{ first, end }]
    const ranges: Range[] = []
    for (let page = 0; page < pages; page++) {
      const isThere = buffer[page * 8 + 7]! & 0b1100_0000
      if (!isThere) continue
      const at = first + page * PAGE
      const last = ranges.at(-1)
      if (last?.end === at) last.end += PAGE
      else ranges.push({ first: at, end: at + PAGE })
    }
    return ranges
  } finally {
    await pagemap.close()
  }
}

function isAt({ bytes }: Needle, among: Uint8Array, at: number): boolean {
  return bytes.length <= among.length - at && bytes.every((byte, i) => among[at + i] === byte)
}

export function sum(all: Searched[]): Searched {
  return {
    bytes: all.reduce((total, { bytes }) => total + bytes, 0),
    parts: all.reduce((total, { parts }) => total + parts, 0),
    found: all.flatMap(({ found }) => found),
  }
}

function goneAway(error: NodeJS.ErrnoException): Searched {
  if (error.code === 'ENOENT') return { bytes: 0, parts: 0, found: [] }
  throw error
}
