import { describe, test } from 'node:test'
import { noBrowser } from '../helpers/browser.ts'
import { openOfficers } from './device/officers.ts'

describe('one’s own device', { skip: noBrowser, timeout: 220_000 }, () => {
  const play = openOfficers()
  test('the device’s own authenticator opens the lock, also after a start, and the PIN does where it fails', play)
  test('a forgotten PIN has a way out: the device is cleared, and joins again by the code on paper', play)
})
