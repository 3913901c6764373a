import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Bytes, fromHex, randomBytes, toHex } from '../../core/bytes.ts'
import { signingKeyFromSeed } from '../../core/cose.ts'
import { thumbprint } from '../../core/item.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Hand } from './registrar.ts'

export type RootKey = Hand & { publicKey: Bytes }

/** A root key from its file of hex. Throws `Refusal`: `root_key_missing`, `root_key_unreadable`. */
export async function readRootKey(file: string): Promise<RootKey> {
  let text: string
  try {
    text = (await readFile(file, 'utf8')).trim()
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    const code = missing ? 'root_key_missing' : 'root_key_unreadable'
    throw Object.assign(new Refusal(code, `The root key ${file}`, { file }), { cause })
  }
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Refusal('root_key_unreadable', `${file} is no root key`, { file })
  const { publicKey, sign } = await signingKeyFromSeed(fromHex(text))
  return { signer: { type: 'root', id: thumbprint(publicKey) }, sign, publicKey }
}

/** As `readRootKey`; where there is no file, a new key is made in one of mode 0600. Throws also `root_key_unwritable`. */
export async function makeRootKey(file: string): Promise<RootKey> {
  const fresh = `${toHex(randomBytes(32))}\n`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(file, fresh, { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST' || path !== file)
      throw Object.assign(new Refusal('root_key_unwritable', `Cannot write ${file}`, { file }), { cause: error })
  }
  return readRootKey(file)
}
