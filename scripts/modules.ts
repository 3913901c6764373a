/** The long tests: each a module in a folder, named by its file, run one after the other. */
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ROOT } from './steps.ts'

export type Found<T> = { name: string; load: () => Promise<T> }

/**
 * The modules of `folder` (its own .ts files, without tests and helpers) that `words` name, or all. Words that name
 * none are told with what there is, and the process ends with 64 (usage).
 */
export function modulesOf<T>(folder: string, words: string[]): Found<T>[] {
  const names = globSync(`${folder}/*.ts`, { cwd: ROOT })
    .map((file) => basename(file, '.ts'))
    .filter((name) => !name.endsWith('.test'))
    .sort()
  const unknown = words.filter((word) => !names.includes(word))
  if (unknown.length > 0) {
    console.error(`Not known: ${unknown.join(', ')}. There are: ${names.join(', ') || 'none yet'}`)
    process.exit(64)
  }
  const wanted = words.length > 0 ? words : names
  return wanted.map((name) => ({ name, load: async () => (await import(join(ROOT, folder, `${name}.ts`))) as T }))
}
