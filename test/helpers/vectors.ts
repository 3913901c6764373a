/**
 * Files of `vectors/`, for whoever writes another implementation. They are one-way: where a test and a file disagree, the
 * code is wrong. A new file is written by running its test with `WRITE_VECTORS=1`.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const fileOf = (name: string) => new URL(`../../vectors/${name}.json`, import.meta.url)

/** Holds what the code gives to the file `vectors/NAME.json`, to the byte. */
export function keepVectors(name: string, vectors: object): void {
  const text = `${JSON.stringify(vectors, null, 2)}\n`
  if (process.env.WRITE_VECTORS) writeFileSync(fileOf(name), text)
  assert.equal(text, readFileSync(fileOf(name), 'utf8'))
}

/** An example with chance in it, made once and never again: a ciphertext that has to open for ever. */
export async function storedVectors<T extends object>(name: string, make: () => Promise<T>): Promise<T> {
  if (process.env.WRITE_VECTORS && !existsSync(fileOf(name))) {
    writeFileSync(fileOf(name), `${JSON.stringify(await make(), null, 2)}\n`)
  }
  return JSON.parse(readFileSync(fileOf(name), 'utf8'))
}
