import type { Component } from 'svelte'
import type { MorePage } from './routes.ts'

type Page = {
  page: MorePage
  icon: string
  word:
    | 'shell.rooms.myPosts'
    | 'shell.rooms.myDevices'
    | 'shell.rooms.settings'
    | 'settings.check.title'
    | 'reach.title'
    | 'about.title'
    | 'practice.title'
    | 'contacts.held.title'
  load: () => Promise<{ default: Component }>
}

/** The pages under আরও, in the order they are listed there and beside a desktop's rooms. */
export const pages: readonly Page[] = [
  {
    page: 'posts',
    icon: 'post',
    word: 'shell.rooms.myPosts',
    load: () => import('../../features/directory/web/MyPosts.svelte'),
  },
  {
    page: 'devices',
    icon: 'device',
    word: 'shell.rooms.myDevices',
    load: () => import('../../features/directory/web/MyDevices.svelte'),
  },
  { page: 'connection', icon: 'signal', word: 'settings.check.title', load: () => import('./Connection.svelte') },
  {
    page: 'reach',
    icon: 'chart',
    word: 'reach.title',
    load: () => import('../../features/directives/web/Reach.svelte'),
  },
  {
    page: 'practice',
    icon: 'clock',
    word: 'practice.title',
    load: () => import('../../features/directives/web/Practice.svelte'),
  },
  { page: 'held', icon: 'outbox', word: 'contacts.held.title', load: () => import('./Held.svelte') },
  { page: 'about', icon: 'paper', word: 'about.title', load: () => import('./AboutMe.svelte') },
  { page: 'settings', icon: 'settings', word: 'shell.rooms.settings', load: () => import('./Settings.svelte') },
]

/** Those to be listed: what waits for its cost to be seen only where something does, or while one is there. */
export function pagesFor(here: MorePage | null, held: number): readonly Page[] {
  return pages.filter(({ page }) => page !== 'held' || held > 0 || here === 'held')
}
