import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Bytes, fromHex, randomBytes, toHex } from '../core/bytes.ts'
import { signingKeyFromSeed } from '../core/cose.ts'
import { thumbprint } from '../core/item.ts'
import type { Hand } from '../features/directory/registrar.ts'

/** A root key kept as a hex file of mode 0600, made the first time it is asked for. */
export async function rootKey(directory: string, name: string): Promise<Hand & { publicKey: Bytes }> {
  const file = join(directory, name)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const seed = await readFile(file, 'utf8').then(
    (text) => fromHex(text.trim()),
    async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      const fresh = randomBytes(32)
      await writeFile(file, `${toHex(fresh)}\n`, { mode: 0o600, flag: 'wx' })
      return fresh
    },
  )
  const { publicKey, sign } = await signingKeyFromSeed(seed)
  return { signer: { type: 'root', id: thumbprint(publicKey) }, sign, publicKey }
}
