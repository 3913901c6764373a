import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_CHANNELS, readChannels, type SettingFault } from './settings.ts'

const read = (env: Record<string, string>) => {
  const faults: SettingFault[] = []
  return {
    settings: readChannels(env, faults),
    faults: faults.map(({ code, option }) => `${code} ${option}`),
    said: JSON.stringify(faults),
  }
}

test('with nothing said every channel is off', () => {
  assert.deepEqual(read({}), { settings: NO_CHANNELS, faults: [], said: '[]' })
})

test('each channel is on once its settings are given', () => {
  const { settings, faults } = read({
    SMARAK_PUSH_SUBJECT: 'mailto:sysop@mopa.gov.bd',
    SMARAK_MAIL_URL: 'smtp://u:p@mail.gov.bd:587',
    SMARAK_MAIL_FROM: 'স্মারক <smarak@mopa.gov.bd>',
    SMARAK_SMS_URL: 'https://sms.example/send?to={to}',
    SMARAK_SMS_METHOD: 'GET',
    SMARAK_SMS_HEADERS: '{"x-key":"k"}',
    SMARAK_SMS_YES: 'response.status=200',
    SMARAK_SMS_PRICE: '0.35',
    SMARAK_WHATSAPP_TOKEN: 't',
    SMARAK_WHATSAPP_NUMBER_ID: '106540352242922',
    SMARAK_WHATSAPP_TEMPLATE: 'smarak_notice',
    SMARAK_SENDING_LIMIT: '1000',
    SMARAK_CHECK_TIMES: '10:00, 15:30',
    SMARAK_QUIET: '22:00-06:30',
  })
  assert.deepEqual(faults, [])
  assert.equal(settings.push?.subject, 'mailto:sysop@mopa.gov.bd')
  assert.deepEqual(settings.smsHttp?.yes, { field: 'response.status', is: '200' })
  assert.deepEqual([settings.smsHttp?.price, settings.limits], [35, { sending: 100_000, daily: 1_000_000 }])
  assert.equal(settings.whatsapp?.api, 'https://graph.facebook.com/v23.0')
  assert.deepEqual([settings.checks, settings.quiet], [[600, 930], { from: 1320, to: 390 }])
  assert.deepEqual(read({ SMARAK_CHECK_TIMES: 'none' }).settings.checks, [])
})

test('everything that is wrong is named, and no password is repeated', () => {
  const { faults, said } = read({
    SMARAK_PUSH_SUBJECT: 'sysop',
    SMARAK_MAIL_URL: 'http://user:pa55word@mail',
    SMARAK_SMPP_URL: 'smpp://id:pa55word@',
    SMARAK_SMS_URL: 'ftp://pa55word',
    SMARAK_SMS_HEADERS: '{"x-key":"pa55word\\n"}',
    SMARAK_SMS_YES: 'yes',
    SMARAK_SMS_PRICE: '৩৫',
    SMARAK_WHATSAPP_TOKEN: 'pa55word',
    SMARAK_WHATSAPP_SECRET: 'pa55word',
    SMARAK_CHECK_TIMES: '25:00',
    SMARAK_QUIET: '21:00',
  })
  assert.deepEqual(faults.toSorted(), [
    'bad_setting SMARAK_CHECK_TIMES',
    'bad_setting SMARAK_MAIL_URL',
    'bad_setting SMARAK_PUSH_SUBJECT',
    'bad_setting SMARAK_QUIET',
    'bad_setting SMARAK_SMPP_URL',
    'bad_setting SMARAK_SMS_HEADERS',
    'bad_setting SMARAK_SMS_PRICE',
    'bad_setting SMARAK_SMS_URL',
    'bad_setting SMARAK_SMS_YES',
    'setting_alone SMARAK_WHATSAPP_SECRET',
    'setting_alone SMARAK_WHATSAPP_TOKEN',
  ])
  assert.ok(!said.includes('pa55word'))
})
