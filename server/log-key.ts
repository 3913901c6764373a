/** The log's own key: an Ed25519 seed in a file that only the server reads. It signs checkpoints and nothing else yet. */
import { createPrivateKey, sign } from 'node:crypto'
import { link, open, readFile, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Bytes, concat, fromHex, randomBytes, toHex } from '../core/bytes.ts'
import { type Sign, signingKeyFromSeed } from '../core/cose.ts'
import { thumbprint } from '../core/item.ts'
import { type NoteKey, noteKey } from '../core/note.ts'
import { Refusal } from '../core/refusal.ts'
import { syncDirectory } from './sync-directory.ts'

export type LogKey = {
  publicKey: Bytes
  /** The checkpoint's first line and the name of the key: `smarak.log/` and the key's thumbprint, 16 hex digits. */
  origin: string
  note: NoteKey
  sign: Sign
}

/** Reads the key file, or makes it (mode 0600). Throws `Refusal('log_key_unreadable')` for a file that is no key. */
export async function openLogKey(file: string): Promise<LogKey> {
  return logKeyFromSeed((await readSeed(file)) ?? (await makeSeed(file)))
}

export async function logKeyFromSeed(seed: Bytes): Promise<LogKey> {
  const { publicKey } = await signingKeyFromSeed(seed)
  const origin = `smarak.log/${toHex(thumbprint(publicKey)).slice(0, 16)}`
  const pkcs8 = concat(fromHex('302e020100300506032b657004220420'), seed)
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  // One signature a batch: cheaper here, at once, than a turn through the thread pool.
  const signBytes: Sign = async (bytes) => new Uint8Array(sign(null, bytes, privateKey))
  return { publicKey, origin, note: noteKey(origin, publicKey), sign: signBytes }
}

async function readSeed(file: string): Promise<Bytes | undefined> {
  let text: string
  try {
    text = (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new Refusal('log_key_unreadable', `${file} is not a log key; put back the one from the backup`)
  return fromHex(text)
}

/** Two processes may come here at once: whoever links first has made the key, the other reads it. */
async function makeSeed(file: string): Promise<Bytes> {
  const draft = `${file}.${process.pid}`
  const handle = await open(draft, 'w', 0o600)
  try {
    await handle.writeFile(`${toHex(randomBytes(32))}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  await unlink(draft)
  await syncDirectory(dirname(file))
  return (await readSeed(file))!
}
