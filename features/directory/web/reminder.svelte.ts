const name = 'smarak-recovery-later'

/** Whether the recovery code was put off: a card in আজ says so until it is written down. Kept in this browser. */
class RecoveryReminder {
  #owed = $state(read())

  get owed(): boolean {
    return this.#owed
  }
  set owed(owed: boolean) {
    this.#owed = owed
    try {
      if (owed) localStorage.setItem(name, '1')
      else localStorage.removeItem(name)
    } catch {
      // Without storage the card lasts as long as the page: the code itself does not depend on it.
    }
  }
}

export const recoveryReminder = new RecoveryReminder()

function read(): boolean {
  try {
    return localStorage.getItem(name) === '1'
  } catch {
    return false
  }
}
