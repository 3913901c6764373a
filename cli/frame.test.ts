import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { EXIT, type Operator } from './command.ts'
import { commands } from './commands.ts'
import { typed } from './testing.ts'

const bengali = /[\u0980-\u09ff]/

describe('help', () => {
  for (const lang of ['bn', 'en'] as const) {
    test(`lists every command, and shows each of them (${lang})`, async () => {
      const all = await typed(['--help'], { lang })
      assert.equal(all.code, EXIT.ok)
      for (const { name } of commands) {
        assert.ok(all.out.includes(`  ${name} `), name)
        const one = await typed([...name.split(' '), '--help'], { lang })
        assert.equal(one.code, EXIT.ok, one.err)
        assert.ok(one.out.includes(`./smarak ${name}`))
        assert.ok(one.out.includes('--lang bn|en'))
        assert.equal(bengali.test(one.out), lang === 'bn', one.out)
      }
    })
  }

  test('is what somebody sees who typed nothing, as an error', async () => {
    const { code, out, err } = await typed([])
    assert.deepEqual([code, out], [EXIT.usage, ''])
    assert.match(err, /letter read/)
  })

  test('needs none of the words a command needs', async () => {
    assert.equal((await typed(['letter', 'read', '--help'])).code, EXIT.ok)
  })
})

describe('the language', () => {
  test('is Bangla, unless LANG or --lang says English', async () => {
    assert.match((await typed(['date', '2024-10-22'], { lang: 'bn' })).out, bengali)
    assert.doesNotMatch((await typed(['date', '2024-10-22'], { lang: 'en' })).out, bengali)
    assert.doesNotMatch((await typed(['date', '2024-10-22', '--lang', 'en'], { lang: 'bn' })).out, bengali)
    assert.match((await typed(['date', '2024-10-22', '--lang=bn'])).out, bengali)
  })

  test('is also that of errors', async () => {
    assert.match((await typed(['nothing', '--lang', 'bn'])).err, bengali)
    assert.doesNotMatch((await typed(['nothing', '--lang', 'en'], { lang: 'bn' })).err, bengali)
  })
})

describe('typed wrongly', () => {
  const wrong: [string[], string][] = [
    [['lettr'], 'unknown_command'],
    [['letter'], 'unknown_command'],
    [['letter', 'write', 'x'], 'unknown_command'],
    [['date'], 'missing_word'],
    [['date', '2024-10-22', '2024-10-23'], 'extra_word'],
    [['date', '2024-10-22', '--loud'], 'unknown_option'],
    [['date', '2024-10-22', '-j'], 'unknown_option'],
    [['date', '2024-10-22', '--lang'], 'missing_value'],
    [['date', '2024-10-22', '--json=yes'], 'needless_value'],
    [['date', '2024-10-22', '--lang', 'en', '--lang', 'en'], 'repeated_option'],
    [['date', '2024-10-22', '--lang', 'fr'], 'bad_value'],
    [['date', '2023-02-29'], 'bad_date'],
    [['date', '22/10/2024'], 'bad_date'],
  ]
  for (const [words, code] of wrong)
    test(`${words.join(' ')} is ${code}, says how it is used, and exits 2`, async () => {
      const said = await typed(words)
      assert.deepEqual([said.code, said.out], [EXIT.usage, ''])
      assert.match(said.err, /^smarak: .+ \.\/smarak .*--help\n$/)
      const json = await typed([...words, '--json'])
      if (code === 'missing_value') return // --json is then taken for the option that was forgotten
      assert.equal(json.code, EXIT.usage)
      assert.equal(json.err, '')
      assert.equal(json.json().error?.code, code)
    })
})

describe('serve and log recover', () => {
  const recorder = () => {
    const calls: string[][] = []
    const operator: Operator = {
      serve: async (words) => calls.push(['serve', ...words]) && 0,
      serveHelp: () => '--port N',
      recover: async (words) => calls.push(['recover', ...words]) && 0,
    }
    return { calls, operator }
  }

  test('hand their words on as they were typed, but for the language', async () => {
    const { calls, operator } = recorder()
    await typed(['serve', '--demo', '--lang', 'en', '--port', '0'], { operator })
    await typed(['log', 'recover', '--from', 'a', 'b'], { operator })
    assert.deepEqual(calls, [
      ['serve', '--demo', '--port', '0'],
      ['recover', '--from', 'a', 'b'],
    ])
  })

  test('show the settings of the server in help and start nothing', async () => {
    const { calls, operator } = recorder()
    assert.match((await typed(['serve', '--help', '--port', 'x'], { operator })).out, /--port N/)
    assert.deepEqual(calls, [])
  })

  test('a fault of ours exits 4 and shows where', async () => {
    const operator = { ...recorder().operator, serve: () => Promise.reject(new TypeError('boom')) }
    const { code, err } = await typed(['serve'], { operator })
    assert.equal(code, EXIT.bug)
    assert.match(err, /Tell the operator[\s\S]*TypeError: boom/)
  })
})
