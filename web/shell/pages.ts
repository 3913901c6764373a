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
  { page: 'about', icon: 'paper', word: 'about.title', load: () => import('./AboutMe.svelte') },
  { page: 'settings', icon: 'settings', word: 'shell.rooms.settings', load: () => import('./Settings.svelte') },
]
