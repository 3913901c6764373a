import type { Import } from '../features/directory/country/import-shape.ts'
import { readImport } from '../features/directory/country/read-import.ts'
import { type Io, Usage } from './command.ts'
import { readText } from './read-text.ts'

/**
 * An operator's own offices, posts and people: CSV files or one JSON file, or directories of them, as
 * `features/directory/country/examples/README.md` describes. Throws what is wrong with all of them at once.
 */
export async function readPlan(paths: readonly string[], io: Io): Promise<Import> {
  const files: { name: string; text: string }[] = []
  for (const path of paths) {
    const inside = await io.list(path)
    const names = inside ? inside.filter((name) => /\.(csv|json)$/i.test(name)) : [path]
    if (names.length === 0) throw new Usage('empty_directory', { file: path })
    for (const name of names) files.push({ name, text: await readText(name, io) })
  }
  return readImport(files)
}
