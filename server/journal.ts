/** Journals as files (`core/journal.ts`): read by `log recover`, and the one that devices fill while items are missing. */
import { constants, createReadStream } from 'node:fs'
import { access, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { formatJournalLine, type JournalEntry, type JournalItem, readJournalLine } from '../core/journal.ts'
import { Refusal } from '../core/refusal.ts'
import { syncDirectory } from './sync-directory.ts'

/** In the data directory: what devices gave back to a server that had lost it. */
export const GIVEN_BACK = 'given-back.journal'

/** Hears of every line that is no entry. */
export type OnFault = (file: string, line: number, error: unknown) => void

/**
 * Entries of the files by index, each `from` somebody: whom its line names, or else the file itself. The same index twice: all
 * of them. Throws `Refusal`: `file_missing`, `file_unreadable`.
 */
export async function readJournals(files: readonly string[], onFault: OnFault): Promise<Map<number, JournalItem[]>> {
  const entries = new Map<number, JournalItem[]>()
  for (const file of files) {
    await eachEntry(
      file,
      (entry) => {
        const before = entries.get(entry.index) ?? []
        entries.set(entry.index, [...before, { ...entry, from: entry.from ?? file }])
      },
      onFault,
    )
  }
  return entries
}

/** Reads a journal line by line. Throws `Refusal`: `file_missing`, `file_unreadable`. */
export async function eachEntry(file: string, hear: (entry: JournalItem) => void, onFault: OnFault): Promise<void> {
  await access(file, constants.R_OK).catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code === 'ENOENT' ? 'file_missing' : 'file_unreadable'
    throw Object.assign(new Refusal(code, `${file}: ${cause.code}`, { file, reason: cause.code }), { cause })
  })
  let number = 0
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    if (line.trim() === '') continue
    try {
      hear(readJournalLine(line))
    } catch (error) {
      onFault(file, number, error) // a line cut short by a crash, perhaps; the others still count
    }
  }
}

/** Adds entries at the end; they are on disk when it resolves. Throws `Refusal('disk_full')`. */
export async function appendJournal(file: string, entries: readonly JournalEntry[]): Promise<void> {
  const handle = await open(file, 'a', 0o600)
  const before = (await handle.stat()).size
  try {
    // Should the last line have been cut short by a crash, ours must not become its end.
    await handle.appendFile(`\n${entries.map(formatJournalLine).join('')}`)
    await handle.datasync()
    if (before === 0) await syncDirectory(dirname(file))
  } catch (cause) {
    await handle.truncate(before).catch(() => {})
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw cause
    throw Object.assign(new Refusal('disk_full', `The disk of ${file} is full; make room and try again`), { cause })
  } finally {
    await handle.close()
  }
}
