/** The key by which push services know this server (RFC 8292). Made once; with another, every subscription would be void. */
import { randomUUID } from 'node:crypto'
import { link, readFile, unlink, writeFile } from 'node:fs/promises'
import webpush from 'web-push'
import { Refusal } from '../../core/refusal.ts'

export type VapidKeys = { publicKey: string; privateKey: string }

/** Reads the key file, or makes it (mode 0600). Throws `Refusal('vapid_key_unreadable')` for a file that is no such key. */
export async function openVapidKeys(file: string): Promise<VapidKeys> {
  const found = await readKeys(file)
  if (found) return found
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, `${JSON.stringify(webpush.generateVAPIDKeys())}\n`, { mode: 0o600, flush: true })
  try {
    await link(draft, file) // whoever links first has made the key, the other reads it
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(draft)
  }
  return (await readKeys(file))!
}

async function readKeys(file: string): Promise<VapidKeys | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    const { publicKey, privateKey } = JSON.parse(text) as Record<string, unknown>
    if (isKey(publicKey, 65) && isKey(privateKey, 32)) return { publicKey, privateKey }
  } catch {
    // refused below
  }
  throw new Refusal('vapid_key_unreadable', `${file} is not a VAPID key; put back the one from the backup`)
}

function isKey(text: unknown, bytes: number): text is string {
  return typeof text === 'string' && Buffer.from(text, 'base64url').length === bytes
}
