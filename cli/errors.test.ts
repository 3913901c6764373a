import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../core/refusal.ts'
import { EXIT } from './command.ts'
import { failureOf } from './errors.ts'

/** As `fetch` fails: the reason is the cause of a cause. */
function unreached(reason: string): Refusal {
  const cause = new TypeError('fetch failed', { cause: Object.assign(new Error(reason), { code: reason }) })
  return Object.assign(new Refusal('offline', 'No answer from https://localhost'), { cause })
}

test('a certificate this machine does not trust is told from a server that is silent', () => {
  for (const reason of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID']) {
    const { code, message, exit } = failureOf(unreached(reason), 'en', '')
    assert.deepEqual([code, exit], ['certificate', EXIT.unreachable])
    assert.match(message, new RegExp(`${reason}.*NODE_EXTRA_CA_CERTS`))
  }
  assert.equal(failureOf(unreached('ECONNREFUSED'), 'en', '').code, 'offline')
})
