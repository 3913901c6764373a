/** All steps against one server and one browser, for `npm run promises -- device`. */
import { describe, test } from 'node:test'
import { openOfficers } from './officers.ts'
import { STEPS } from './steps.ts'

describe('one’s own device', { timeout: 220_000 }, () => {
  const play = openOfficers()
  for (const name of Object.keys(STEPS)) test(name, play)
})
