import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureOf } from '../cli/errors.ts'
import { Refusal } from '../core/refusal.ts'
import { sayIfKnown } from '../language/words.ts'
import { NO_CHANNELS } from './channels/settings.ts'
import { type ConfigFault, configHelp, readConfig } from './config.ts'

const faults = (env: Record<string, string>, args: string[]): ConfigFault[] => {
  try {
    readConfig(env, args)
  } catch (error) {
    assert.equal((error as Refusal).code, 'bad_config')
    return (error as Refusal).details.faults as ConfigFault[]
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
    channels: NO_CHANNELS,
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
    channels: NO_CHANNELS,
  })
})

test('everything that is wrong is named at once', () => {
  const args = ['--port', '70000', '--tls-cert', 'x', '--simulated', '5', '--colour', 'red', '--data']
  assert.deepEqual(faults({ LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://x' }, args), [
    { code: 'unknown_option', option: '--colour' },
    { code: 'extra_word', word: 'red' },
    { code: 'missing_value', option: '--data' },
    { code: 'bad_setting', option: '--port', value: '70000', wanted: 'whole', least: 0, most: 65_535 },
    {
      code: 'bad_setting',
      option: 'DATABASE_URL',
      value: 'mysql://x',
      wanted: 'like',
      list: 'postgresql://user:password@host/database',
    },
    {
      code: 'bad_setting',
      option: 'LOG_LEVEL',
      value: 'loud',
      wanted: 'oneOf',
      list: 'fatal, error, warn, info, debug, trace, silent',
    },
    { code: 'setting_alone', option: '--tls-cert', other: '--tls-key' },
    { code: 'setting_alone', option: '--simulated', other: '--demo' },
  ])
})

test('a flag without its value does not swallow the next one', () => {
  assert.deepEqual(faults({}, ['--data', '--demo']), [{ code: 'missing_value', option: '--data' }])
  assert.deepEqual(faults({}, ['--port', '1', '--port', '2']), [{ code: 'repeated_option', option: '--port' }])
  assert.deepEqual(faults({}, ['--demo=yes']), [{ code: 'needless_value', option: '--demo' }])
})

test('a demonstration stays on this machine', () => {
  assert.deepEqual(faults({}, ['--demo', '--host', '0.0.0.0']), [
    { code: 'demo_host', option: '--demo', value: '--host 0.0.0.0' },
  ])
  for (const host of ['localhost', '::1', '127.0.0.2']) assert.deepEqual(faults({}, ['--demo', '--host', host]), [])
})

test('help names every flag, and each is explained in both languages', () => {
  for (const lang of ['bn', 'en'] as const) {
    const help = configHelp((name) => sayIfKnown(lang, `cli.settings.${name}`) ?? assert.fail(name))
    assert.match(help, /--database-url URL +\$DATABASE_URL\n/)
  }
})

test('every fault of the settings has a sentence in both languages', () => {
  const args = ['--port', '70000', '--tls-cert', 'x', '--simulated', '5', '--colour', 'red', '--host', '-', '--json=1']
  const env = { LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://x', SMARAK_DATA: ' ', CHECKPOINT_FILE: ' ' }
  const failing = [args, ['--demo', '--host', '0.0.0.0', '--data'], ['--port', '1', '--port', '1']]
  for (const words of failing) {
    const found = faults(env, words)
    const refusal = new Refusal('bad_config', '', { faults: found })
    for (const [lang, script] of [
      ['bn', /[\u0980-\u09ff]{3}/],
      ['en', /[a-z]{3} [a-z]/],
    ] as const) {
      const lines = failureOf(refusal, lang, '').message.split('\n').slice(1)
      assert.equal(lines.length, found.length)
      for (const line of lines) {
        assert.match(line, script)
        assert.doesNotMatch(line, /undefined|\{|bad_|setting_/)
      }
    }
  }
})
