import { mount } from 'svelte'
import { browserAuthenticator } from '../client/browser-authenticator.ts'
import { openBrowserStore } from '../client/browser-store.ts'
import { openDoor } from '../client/door.ts'
import { tabLock } from '../client/lock.ts'
import { openWire } from '../client/wire.ts'
import { deviceLabel } from '../features/directory/web/browser.ts'
import App from './shell/App.svelte'
import { Clock } from './shell/clock.svelte.ts'
import { install } from './shell/install.svelte.ts'
import { settleIn } from './shell/offline.ts'
import { Prefs } from './shell/prefs.svelte.ts'
import { Router } from './shell/router.svelte.ts'
import './kit/base.css'

const prefs = new Prefs()
const store = openBrowserStore()

/** @NOTE The store is opened while the frame is drawn; where it cannot be opened, the start page says why. */
const door = store.then((opened) =>
  openDoor({
    store: opened,
    wire: openWire({ origin: location.origin }),
    lock: tabLock(),
    label: deviceLabel(navigator.userAgent),
    live: true,
    wakes,
    authenticator: browserAuthenticator(),
  }),
)

install.watch(Date.now())

/** The network is back, or the page is looked at again after who knows how long. */
function wakes(wake: () => void): () => void {
  const look = () => document.visibilityState === 'visible' && wake()
  addEventListener('online', wake)
  document.addEventListener('visibilitychange', look)
  return () => {
    removeEventListener('online', wake)
    document.removeEventListener('visibilitychange', look)
  }
}

await prefs.ready
mount(App, {
  target: document.querySelector('#app')!,
  props: { door, frame: { prefs, clock: new Clock(prefs), router: new Router() } },
})

// The first ever load stays small: what can wait does, until somebody does something here (or is somebody here already).
for (const act of ['pointerdown', 'keydown', 'focusin']) addEventListener(act, () => settleIn(), { once: true })
