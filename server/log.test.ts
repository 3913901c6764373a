import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLog } from './log.ts'

/** What one line of the log says. */
function logged(fields: object): Record<string, unknown> {
  let line = ''
  openLog('info', { write: (text: string) => (line = text) }).info(fields, 'something happened')
  return JSON.parse(line) as Record<string, unknown>
}

test('a code of ours is logged, for the operator looks it up', () => {
  for (const code of ['behind_checkpoint', 'whatsapp_190', 'mail_auth']) assert.equal(logged({ code }).code, code)
})

test('a code that lets somebody in is not, however it is written', () => {
  for (const code of ['7K3M-Q8RT-ZZ01-4XW9-B2CD', '7k3mq8rtzz014xw9b2cd', '123456', 123456])
    assert.equal(logged({ code }).code, '—')
  assert.deepEqual(logged({ asked: { code: '123456', token: 'a_b' } }).asked, { code: '—', token: '—' })
})
