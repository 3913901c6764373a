import { recall, remember } from './recall.ts'
import { visitAt } from './visits.ts'

/** Chromium's own event, which no standard library names. */
type InstallPrompt = Event & { prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }> }

const names = { visits: 'smarak-visits', dismissed: 'smarak-install-no' }

/** Putting Smarak on the home screen: the browser's offer, kept until the reader wants it. */
class Install {
  #prompt: InstallPrompt | null = $state.raw(null)
  #dismissed = $state(recall(names.dismissed) === '1')
  #second = $state(false)
  installed = $state(false)

  /** Whether the page runs from the home screen already. */
  get standalone(): boolean {
    return (
      matchMedia('(display-mode: standalone)').matches || (navigator as { standalone?: boolean }).standalone === true
    )
  }

  /** Whether the browser lets itself be asked. */
  get offered(): boolean {
    return this.#prompt !== null
  }

  /** Whether to say so unasked: from the second visit on, until it was turned away. */
  get card(): boolean {
    return this.offered && this.#second && !this.#dismissed
  }

  /** Listens for the offer, and counts this visit. Once, when the page is opened. */
  watch(now: number): void {
    const visit = visitAt(recall(names.visits), now)
    remember(names.visits, visit.kept)
    this.#second = visit.count >= 2
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault()
      this.#prompt = event as InstallPrompt
    })
    addEventListener('appinstalled', () => {
      this.installed = true
      this.#prompt = null
    })
  }

  /** Shows the browser's own question. It can be asked once; another offer may come later. */
  async ask(): Promise<void> {
    const prompt = this.#prompt
    this.#prompt = null
    const answer = await prompt?.prompt()
    if (answer?.outcome === 'accepted') this.installed = true
  }

  /** For good: in Settings it can still be done. */
  dismiss(): void {
    this.#dismissed = true
    remember(names.dismissed, '1')
  }
}

export const install = new Install()
