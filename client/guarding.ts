import { Refusal } from '../core/refusal.ts'
import type { Device } from './device.ts'
import type { Session } from './session.ts'
import type { Guard } from './views.ts'

type Needs = {
  device: Device
  session: Pick<Session, 'flushSoon'> /** To be shown by the device's authenticator. */
  name: () => string
}

/** The lock of the application on this device: its PIN, and the device's own authenticator beside it. */
export class Guarding {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  get guard(): Guard {
    const { hasPin, waitsUntil, authenticator, authenticatorOpens } = this.#needs.device.locker
    return { hasPin, waitsUntil, authenticator, authenticatorOpens }
  }

  async setPin(pin: string | null, current?: string): Promise<void> {
    const { lock, locker, changed } = this.#needs.device
    await lock('locker', () => locker.setPin(pin, current)).finally(() => changed.call())
  }

  lock(): void {
    this.#needs.device.locker.lock()
    if (!this.#needs.device.locker.locked) return
    this.#needs.device.mirror.forget()
    this.#needs.device.changed.call()
  }

  async unlock(pin: string): Promise<boolean> {
    const { lock, locker } = this.#needs.device
    return this.#unlockedBy('wrong_pin', () => lock('locker', () => locker.unlock(pin)))
  }

  async unlockByAuthenticator(): Promise<boolean> {
    const { locker, authenticator } = this.#needs.device
    if (!authenticator) return false
    return this.#unlockedBy('authenticator_failed', () => locker.unlockBy(authenticator))
  }

  async hasAuthenticator(): Promise<boolean> {
    return (await this.#needs.device.authenticator?.available()) ?? false
  }

  async useAuthenticator(use: boolean): Promise<void> {
    const { authenticator, locker, changed } = this.#needs.device
    if (!authenticator) throw new Refusal('authenticator_failed', 'This device has none')
    await (use ? locker.addAuthenticator(authenticator, this.#needs.name()) : locker.removeAuthenticator())
    changed.call()
  }

  async #unlockedBy(wrong: string, unlock: () => Promise<void>): Promise<boolean> {
    try {
      await unlock()
    } catch (error) {
      this.#needs.device.changed.call()
      if (error instanceof Refusal && error.code === wrong) return false
      throw error
    }
    await this.#needs.device.mirror.load()
    // What came while it was locked is opened now.
    await this.#needs.device.mirror.absorb([])
    await this.#needs.device.outbox.load()
    this.#needs.device.changed.call()
    this.#needs.session.flushSoon(0)
    return true
  }
}
