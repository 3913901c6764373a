import { open } from 'node:fs/promises'

/** Makes a rename, link or unlink in the directory outlive a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
