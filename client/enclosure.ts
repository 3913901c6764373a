import { type Bytes, equal, toBase64url } from '../core/bytes.ts'
import type { Cbor } from '../core/cbor.ts'
import type { Part } from '../core/commitment.ts'
import { bodyRoot, type Header, readCose } from '../core/item.ts'
import { Refusal } from '../core/refusal.ts'
import { openSection } from '../core/seal.ts'
import { readDirective } from '../features/directives/index.ts'
import type { Device } from './device.ts'
import type { Mirror } from './mirror.ts'

/** A directive as it was signed, inside another that passes it on: whoever opens that one can check and read this one. */
export type Enclosed = {
  id: string
  issuer: string
  /** The device that signed, whose key the directory proves. */
  device: string
  cose: Bytes
  parts: Part[]
}

/** The same, taken apart and not opened: the original's bytes, and the key to it and to what its issuer says of it later. */
export type Enclosure = { cose: Bytes; sections: Bytes[]; key: Bytes; header: Header; issuer: string }

const LABEL = 'enclosure'

/**
 * What the directive `id` encloses, opened, and whether it is the one that its header says it passes on; null where it passes none
 * on or cannot be read here. Throws `Refusal` as `openEnclosed` does, and `offline`.
 */
export async function enclosedIn(
  { mirror, transport }: Pick<Device, 'mirror' | 'transport'>,
  id: string,
): Promise<(Enclosed & { isParent: boolean }) | null> {
  const parent = mirror.directive(id)?.entry.parent
  if (!parent || !mirror.text(id)) return null
  const opened = await openEnclosed(await mirror.section(id, 2, () => transport.section(id, 2)))
  return opened && { ...opened, isParent: opened.id === parent }
}

/** The part that encloses a directive this device can open. `fetch` brings a section that is not here. */
export async function enclose(mirror: Mirror, id: string, fetch: (n: number) => Promise<Bytes>): Promise<Part> {
  const { cose, sections, key } = await mirror.sealed(id, fetch)
  return { label: LABEL, value: [cose, sections, key] }
}

/**
 * Opens an enclosed directive out of the parts of the one around it; null where it encloses none. That the signature is its
 * device's own the caller checks against the directory. Throws `Refusal`: `bad_bytes`, `bad_commitment`, `cannot_open`.
 */
export async function openEnclosed(parts: readonly Part[]): Promise<Enclosed | null> {
  const enclosure = enclosureIn(parts)
  if (!enclosure) return null
  const { cose, sections, key, header, issuer } = enclosure
  const opened = await Promise.all(sections.map((section, n) => openSection(key, header, n, section)))
  return {
    id: toBase64url(header.id),
    issuer,
    device: toBase64url(header.signer.id),
    cose,
    parts: opened.flat(),
  }
}

/**
 * The directive enclosed in these parts, with the key that opens it and what its issuer says of it later; null where none is.
 * Throws `Refusal`: `bad_bytes`, `bad_commitment`.
 */
export function enclosureIn(parts: readonly Part[]): Enclosure | null {
  const part = parts.find(({ label }) => label === LABEL)
  if (!part) return null
  const [cose, sections, key] = Array.isArray(part.value) ? part.value : []
  if (!(cose instanceof Uint8Array) || !isSections(sections) || !(key instanceof Uint8Array)) {
    throw new Refusal('bad_bytes', 'Not an enclosure')
  }
  const { header } = readCose(cose)
  if (header.kind !== 'directive' || !header.body || !equal(bodyRoot(sections), header.body)) {
    throw new Refusal('bad_commitment', 'The enclosed letter is not what its header names')
  }
  const { issuer } = readDirective({ header, body: sections })
  return { cose: cose as Bytes, sections, key: key as Bytes, header, issuer }
}

/** Whether its device signed it, by the proven directory; false also where that cannot be fetched now. */
export async function isSigned(
  proven: Pick<Device['proven'], 'checks'>,
  { cose, issuer }: Pick<Enclosed, 'cose' | 'issuer'>,
): Promise<boolean> {
  try {
    return await proven.checks(cose, [issuer])
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

function isSections(value: Cbor | undefined): value is Bytes[] {
  return Array.isArray(value) && value.length >= 2 && value.every((section) => section instanceof Uint8Array)
}
