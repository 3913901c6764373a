/** A small service of a journey's own, whose people go by Bangla names and join in real browsers by their codes. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openApp } from '../../app.ts'
import { readConfig } from '../../server/config.ts'
import { openLog } from '../../server/log.ts'
import { testDatabase } from '../helpers/database.ts'
import { foundTown, type Town, type TownOptions } from '../helpers/town.ts'
import type { Seat } from './stage.ts'

export type OwnTown = {
  url: string
  town: Town
  /** Where what a browser saved may be put; gone when closed. */
  folder: string
  close(): Promise<void>
}

/** A server over a database of its own, with the channels that `env` sets. */
export async function openOwnTown(options: TownOptions, env: Record<string, string> = {}): Promise<OwnTown> {
  const folder = await mkdtemp(join(tmpdir(), 'smarak-town-'))
  const { url: database } = await testDatabase()
  const config = readConfig(env, ['--data', folder, '--port', '0', '--database-url', database])
  const app = await openApp(config, { version: 'test', log: openLog('silent'), warn: () => {} })
  const url = (await app.listen()).replace('localhost', '127.0.0.1')
  return {
    url,
    town: await foundTown(url, options),
    folder,
    async close() {
      await app.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** What a service that is no demonstration lets the browser complain of: it has no start page of people. */
export const NO_START_PAGE = /404 .*\/demo\/people/

/** Makes a browser a device of whom the code is for, up to আজ. */
export async function joinBy(seat: Seat, url: string, code: string): Promise<void> {
  const { page } = seat
  await page.goto(`${url}/join#${code}`)
  await page.getByRole('button', { name: 'শুরু করুন' }).click()
  await page.getByRole('button', { name: 'হ্যাঁ, আমি' }).click()
  await page.getByRole('button', { name: 'স্মারক খুলুন' }).click()
  await page.getByRole('heading', { name: 'আজ', level: 1 }).waitFor()
}

/** The names of a post for the town; where it has an office of its own, in what place. */
export function named(title: string, holder: string, office?: { name: string; place: string }) {
  const both = (name: string) => ({ bn: name, en: name })
  return {
    title: both(title),
    holder: both(holder),
    ...(office && { office: both(office.name), place: office.place }),
  }
}
