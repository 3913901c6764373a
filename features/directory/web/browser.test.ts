import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deviceLabel, unfit } from './browser.ts'

const chrome =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36'
const facebook = `${chrome} [FB_IAB/FB4A;FBAV/488.0.0.0;]`
const webview = chrome.replace('; K)', '; K; wv)')

test('the browser inside another app cannot keep keys', () => {
  assert.equal(unfit(facebook, true), 'in_app_browser')
  assert.equal(unfit(webview, true), 'in_app_browser')
  assert.equal(unfit(chrome, true), null)
})

test('a page that is not secure cannot keep keys', () => {
  assert.equal(unfit(chrome, false), 'insecure_page')
})

test('a device is named after its browser and system', () => {
  assert.equal(deviceLabel(chrome), 'Chrome · Android')
})
