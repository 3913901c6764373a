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
const ZEROS = Buffer.alloc(PAGE)

/** Looks for many needles in one pass: what a place costs does not grow with what is looked for. */
export class Search {
  /** Needles by their first three bytes, and whether there are any for each such three. */
  readonly #byStart = new Map<number, Needle[]>()
  readonly #starts = new Uint8Array(1 << 24)
  readonly #longest: number

  constructor(needles: Needle[]) {
    this.#longest = Math.max(...needles.map(({ bytes }) => bytes.length))
    for (const needle of needles) {
      const start = startAt(needle.bytes, 0)
      this.#starts[start] = 1
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), needle])
    }
  }

  inBytes(where: string, bytes: Uint8Array): Searched {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const found = new Set<Needle>()
    for (let from = 0; from < buffer.length; from += PAGE) {
      const to = Math.min(from + PAGE, buffer.length)
      // Most of a memory was never touched. A needle may still begin with the last zero of such a page.
      const empty = to - from === PAGE && buffer.compare(ZEROS, 0, PAGE, from, to) === 0
      for (let at = empty ? to - 1 : from; at < to; at++) {
        const start = startAt(buffer, at)
        if (this.#starts[start] === 0) continue
        for (const needle of this.#byStart.get(start)!)
          if (buffer.subarray(at, at + needle.bytes.length).equals(needle.bytes)) found.add(needle)
      }
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
        const [first, end] = [Number.parseInt(from, 16), Number.parseInt(to, 16)]
        all.push(
          await this.#inRange(`${where} ${name || 'anonymous'}`, first, end, async (buffer, at) => {
            try {
              return (await memory.read(buffer, 0, buffer.length, at)).bytesRead
            } catch {
              return 0 // a page that is not there any more, or was never touched
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

function startAt(buffer: Buffer, at: number): number {
  return buffer[at]! | (buffer[at + 1]! << 8) | (buffer[at + 2]! << 16)
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
