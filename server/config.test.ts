import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Refusal } from '../core/refusal.ts'
import { configHelp, readConfig } from './config.ts'

const faults = (env: Record<string, string>, args: string[]): string[] => {
  try {
    readConfig(env, args)
  } catch (error) {
    assert.equal((error as Refusal).code, 'bad_config')
    return (error as Refusal).details.faults as string[]
  }
  return []
}

test('with nothing said, it opens on this machine only, beside its own code', () => {
  assert.deepEqual(readConfig({}, [], '/srv/smarak'), {
    dataDir: '/srv/smarak/data',
    host: '127.0.0.1',
    port: 8080,
    databaseUrl: undefined,
    checkpointFile: '/srv/smarak/data/checkpoint',
    tls: undefined,
    demo: false,
    simulated: undefined,
    json: false,
    logLevel: 'info',
  })
})

test('flags and variables are read, and a flag wins', () => {
  const env = {
    DATABASE_URL: 'postgresql://a@b/c',
    PORT: '1',
    LOG_LEVEL: 'debug',
    CHECKPOINT_FILE: '/disk/point',
    HOST: '',
  }
  const args = [
    '--port',
    '0',
    '--demo',
    '--simulated=3',
    '--data',
    '/d',
    '--tls-cert',
    '/c',
    '--tls-key',
    '/k',
    '--json',
  ]
  assert.deepEqual(readConfig(env, args), {
    dataDir: '/d',
    host: '127.0.0.1',
    port: 0,
    databaseUrl: 'postgresql://a@b/c',
    checkpointFile: '/disk/point',
    tls: { cert: '/c', key: '/k' },
    demo: true,
    simulated: 3,
    json: true,
    logLevel: 'debug',
  })
})

test('everything that is wrong is named at once', () => {
  const args = ['--port', '70000', '--tls-cert', 'x', '--simulated', '5', '--colour', 'red', '--data']
  assert.deepEqual(faults({ LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://x' }, args), [
    '--colour is not a setting',
    '"red" is not understood here',
    '--data needs a value',
    '--port is "70000"; wanted: a whole number from 0 to 65535',
    'DATABASE_URL is "mysql://x"; wanted: postgresql://user:password@host/database',
    'LOG_LEVEL is "loud"; wanted: fatal, error, warn, info, debug, trace, silent',
    '--tls-cert and --tls-key come together; --tls-key is missing',
    '--simulated needs --demo',
  ])
})

test('a flag without its value does not swallow the next one', () => {
  assert.deepEqual(faults({}, ['--data', '--demo']), ['--data needs a value'])
  assert.deepEqual(faults({}, ['--port', '1', '--port', '2']), ['--port is given twice'])
  assert.deepEqual(faults({}, ['--demo=yes']), ['--demo takes no value'])
})

test('a demonstration stays on this machine', () => {
  assert.match(faults({}, ['--demo', '--host', '0.0.0.0'])[0]!, /this machine only/)
  for (const host of ['localhost', '::1', '127.0.0.2']) assert.deepEqual(faults({}, ['--demo', '--host', host]), [])
})

test('help names every flag', () => {
  assert.match(configHelp(), /--database-url URL +or DATABASE_URL\n/)
})
