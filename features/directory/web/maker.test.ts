import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Maker, makerOf } from './maker.ts'

const reduced =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36'
const older = (model: string) =>
  `Mozilla/5.0 (Linux; Android 9; ${model}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/87.0.4280.141 Mobile Safari/537.36`

const models: [Maker, string[]][] = [
  [
    'xiaomi',
    ['Redmi Note 9', 'M2101K6G', '2201117TG', '23053RN02A', '22101316G', 'POCO X3 NFC', 'Mi A3', '21061110AG'],
  ],
  ['samsung', ['SM-A515F', 'SM-M127G', 'SAMSUNG SM-G991B']],
  ['oppo', ['CPH2239', 'RMX3085', 'OPPO A5s', 'LE2115', 'PEXM00']],
  ['vivo', ['vivo 1901', 'V2029', 'V2140A', 'I2012']],
  ['huawei', ['JKM-LX2', 'VOG-L29', 'ANE-LX1', 'HUAWEI P30', 'NTH-NX9', 'HONOR 8X']],
  ['transsion', ['Infinix X6815', 'TECNO KI5k', 'itel L6006']],
  ['symphony', ['Symphony Z35', 'Primo GH9', 'WALTON Primo R9', 'Orbit Y70', 'NEXG N71 Plus']],
  ['other', ['Nokia G21', 'Pixel 7', 'moto g54', 'K', 'ASUS_X00TD', '']],
]

for (const [maker, names] of models)
  test(`the makers whose phones save battery as ${maker} does are known by their models`, () => {
    for (const name of names) {
      assert.equal(makerOf(reduced, name), maker, `told: ${name}`)
      if (name) assert.equal(makerOf(older(name)), maker, `named: ${name}`)
    }
  })

test('a phone that hides its model is known by the browser of its house, or not at all', () => {
  assert.equal(makerOf(reduced.replace('Chrome', 'SamsungBrowser/25.0 Chrome')), 'samsung')
  assert.equal(makerOf(`${reduced} XiaoMi/MiuiBrowser/14.9.1`), 'xiaomi')
  assert.equal(makerOf(`${reduced} HeyTapBrowser/45.10`), 'oppo')
  assert.equal(makerOf(reduced), 'other')
})

test('a browser’s frame within another app still names the phone', () => {
  const view = older('RMX2193 Build/QP1A.190711.020; wv')
  assert.equal(makerOf(view), 'oppo')
})

test('a computer and an iPhone save battery in ways of their own', () => {
  assert.equal(makerOf('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36'), 'computer')
  assert.equal(makerOf('Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0.0.0'), 'computer')
  assert.equal(makerOf('Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Safari/604.1'), 'apple')
})
