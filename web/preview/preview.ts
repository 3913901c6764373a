/**
 * A page for working on the screens: the real frame over sample data in memory. Only the development server knows it;
 * it is not built. `/preview/?who=uno&at=/today&lang=en&theme=dark&size=130&net=off`.
 */
import { mount } from 'svelte'
import App from '../shell/App.svelte'
import { Clock } from '../shell/clock.svelte.ts'
import { install } from '../shell/install.svelte.ts'
import { Prefs, type Size, type Theme } from '../shell/prefs.svelte.ts'
import { Router } from '../shell/router.svelte.ts'
import { update } from '../shell/update.svelte.ts'
import '../kit/base.css'
import '../kit/bold.css'
import { sampleDoor } from './sample.ts'

const asked = new URLSearchParams(location.search)
const who = asked.get('who') ?? 'uno'
history.replaceState(null, '', asked.get('at') ?? '/')

if (asked.get('update')) update.ready = true
if (asked.get('install')) {
  localStorage.setItem('smarak-visits', '5 0')
  install.watch(Date.now())
  dispatchEvent(Object.assign(new Event('beforeinstallprompt'), { prompt: async () => ({ outcome: 'accepted' }) }))
}

const prefs = new Prefs()
await prefs.speak(asked.get('lang') === 'en' ? 'en' : 'bn')
prefs.size = (asked.get('size') ?? '100') as Size
prefs.theme = (asked.get('theme') ?? 'light') as Theme

mount(App, {
  target: document.querySelector('#app')!,
  props: {
    door: Promise.resolve(sampleDoor(who, asked.get('net') === 'off')),
    frame: { prefs, clock: new Clock(prefs), router: new Router() },
  },
})
