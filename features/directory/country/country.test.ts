import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { checkImport } from './check-import.ts'
import { country } from './country.ts'
import { addTo, generatePosts } from './generate.ts'
import type { Import } from './import-shape.ts'
import { knownPosts } from './known-posts.ts'
import { personas } from './personas.ts'
import { readImport } from './read-import.ts'

const plan = country()
const somewhere = () => ({ file: 'plan', row: 0 })
const ofRole = (role: string) => plan.posts.filter((post) => post.role === role)

test('the country has 8 divisional commissioners, 64 DCs, 495 UNOs and 60 ministries', () => {
  assert.equal(ofRole('divisional-commissioner').length, 8)
  assert.equal(ofRole('deputy-commissioner').length, 64)
  assert.equal(ofRole('uno').length, 495)
  const ministries = ['ministry', 'division', 'office', 'secretariat', 'constitutional']
  assert.equal(plan.offices.filter(({ kind }) => ministries.includes(kind)).length, 60)
})

test('the ministry has nine wings, each with one additional secretary, and its joint and deputy secretaries', () => {
  const inMopa = (role: string) => ofRole(role).filter((post) => post.office === 'mopa').length
  assert.equal(inMopa('additional-secretary'), 9)
  assert.equal(inMopa('joint-secretary'), 12)
  assert.equal(inMopa('deputy-secretary'), 26)
  assert.equal(new Set(ofRole('additional-secretary').map(({ wing }) => wing)).size, 9)
})

test('the plan passes the checks an operator’s own data must pass', () => {
  assert.deepEqual(checkImport(plan, { where: somewhere }), [])
  const text = JSON.stringify(plan)
  assert.deepEqual(readImport([{ name: 'country.json', text }]), plan)
})

test('every post reaches the cabinet secretary by supervision, in at most six steps', () => {
  const above = new Map(plan.posts.map((post) => [post.code, post.supervisor]))
  for (const { code } of plan.posts) {
    const way = [code]
    for (let at = above.get(code); at !== undefined && way.length < 20; at = above.get(at)) way.push(at)
    assert.equal(way.at(-1), 'cabinet-secretary', way.join(' → '))
    assert.ok(way.length <= 7, way.join(' → '))
  }
})

test('a UNO answers to the DC of the district, and the DC to the commissioner of the division', () => {
  const find = (code: string) => plan.posts.find((post) => post.code === code)
  assert.equal(find('uno-558573')?.supervisor, 'dc-5585')
  assert.equal(find('dc-5585')?.supervisor, 'divcom-55')
  assert.equal(find('divcom-55')?.supervisor, 'cabinet-secretary')
})

test('every name is in NFC, and no two people share a name', () => {
  for (const { code, bn, en, alt } of [...plan.offices, ...plan.posts]) {
    for (const name of [bn, en, ...(alt ?? [])]) assert.equal(name, name.normalize('NFC'), code)
  }
  for (const { bn } of plan.people) assert.equal(bn, bn.normalize('NFC'))
  assert.equal(new Set(plan.people.map(({ bn }) => bn)).size, plan.people.length)
  assert.equal(new Set(plan.people.map(({ en }) => en)).size, plan.people.length)
})

test('two calls build the same plan, and changing one does not change the other', () => {
  const hash = (value: Import) => createHash('sha256').update(JSON.stringify(value)).digest('hex')
  const before = hash(plan)
  const other = country()
  other.posts[0]!.bn = 'x'
  other.people[0]!.posts.length = 0
  assert.equal(hash(country()), before)
})

test('about two in a hundred field posts are vacant, one of them in Rangpur, and none that the order needs filled', () => {
  const vacant = knownPosts(plan).filter((post) => post.vacant)
  const unos = vacant.filter(({ role }) => role === 'uno').length
  assert.ok(unos >= 8 && unos <= 15, `${unos} UNO posts are vacant`)
  assert.ok(vacant.some(({ id }) => id === 'uno-558592'))
  for (const { id, role } of vacant) assert.match(role, /^(uno|deputy-commissioner|secretary)$/, id)
  const offered = new Set(Object.values(personas(plan)).flatMap((list) => list.map(({ post }) => post)))
  assert.ok(vacant.every(({ id }) => !offered.has(id)))
})

test('some people hold a second post, by each of four kinds of charge', () => {
  const second = plan.people.flatMap(({ posts }) => posts.slice(1))
  assert.ok(second.length >= 8)
  assert.deepEqual(
    new Set(second.map(({ charge }) => charge)),
    new Set(['additional', 'routine', 'current', 'in-charge']),
  )
  assert.ok(second.every(({ order }) => order))
})

test('the start page offers seven people, and the one who signs has additional charge and the printed name', () => {
  const { personas: offered, staff } = personas(plan)
  assert.deepEqual(
    offered.map(({ post }) => post),
    ['mopa-ds-internal-admin', 'divcom-55', 'dc-5585', 'uno-558573', 'mopa-ps', 'pacc-ssa', 'mopa-record-keeper'],
  )
  assert.deepEqual(
    staff.map(({ post }) => post),
    ['mopa-hr-maker', 'mopa-record-room', 'mopa-hr-checker'],
  )
  const signer = plan.people.find(({ code }) => code === offered[0]?.person)
  assert.equal(signer?.bn, 'মোহাম্মদ নাহির উল্লাহ খান')
  assert.equal(signer?.posts.find(({ post }) => post === 'mopa-ds-internal-admin')?.charge, 'additional')
  const people = [...offered, ...staff].map(({ person }) => person)
  assert.equal(new Set(people).size, people.length)
})

test('a plan without one of the offered posts has no start page', () => {
  assert.throws(() => personas({ ...plan, people: [] }), /nobody holds mopa-ds-internal-admin/)
})

test('posts are known to letters by the words of the order', () => {
  const known = knownPosts(plan)
  const say = (id: string) => {
    const post = known.find((one) => one.id === id)!
    const names = (bn: string, alt: string[] = []) => [bn, ...alt].map((name) => name.normalize('NFC'))
    return {
      title: post.title.bn,
      office: names(post.officeName.bn, post.officeAlt),
      wing: names(post.wing ?? '', post.wingAlt),
    }
  }
  const expected: [string, string, string][] = [
    ['bkkb-dg', 'মহাপরিচালক', 'বিকেকেবি'],
    ['napd-dg', 'মহাপরিচালক', 'এনএপিডি'],
    ['bcsaa-rector', 'রেক্টর', 'বাংলাদেশ সিভিল সার্ভিস প্রশাসন একাডেমি'],
    ['nada-rector', 'রেক্টর', 'জাতীয় উন্নয়ন প্রশাসন একাডেমি'],
    ['bpatc-rector', 'রেক্টর', 'বিপিএটিসি'],
    ['dpp-dg', 'মহাপরিচালক', 'মুদ্রণ ও প্রকাশনা অধিদপ্তর'],
    ['dgt-commissioner', 'পরিবহন কমিশনার', 'সরকারি যানবাহন অধিদপ্তর'],
    ['biam-dg', 'মহাপরিচালক', 'বিয়াম ফাউন্ডেশন'],
    ['gehospital-dg', 'মহাপরিচালক', 'সরকারি কর্মচারী হাসপাতাল, ফুলবাড়ীয়া, ঢাকা'],
    ['mopa-ps', 'সিনিয়র সচিবের একান্ত সচিব', 'জনপ্রশাসন মন্ত্রণালয়'],
    ['pacc-ssa', 'সিনিয়র সিস্টেম এনালিস্ট', 'পিএসিসি, জনপ্রশাসন মন্ত্রণালয়'],
  ]
  for (const [id, title, office] of expected) {
    assert.equal(say(id).title, title.normalize('NFC'))
    assert.ok(say(id).office.includes(office.normalize('NFC')), id)
  }
  const wings = ['প্রশাসন', 'এপিডি', 'সিপিটি', 'বিধি', 'সওব্য', 'শৃঙ্খলা ও তদন্ত', 'সংস্কার ও গবেষণা', 'আইন']
  for (const wing of wings) {
    const found = known.filter(
      ({ id, role }) => role === 'additional-secretary' && say(id).wing.includes(wing.normalize('NFC')),
    )
    assert.equal(found.length, 1, wing)
  }
})

test('the misprints of the order are nobody’s name', () => {
  const names = knownPosts(plan).flatMap(({ title, titleAlt = [], officeAlt = [] }) => [
    title.bn,
    ...titleAlt,
    ...officeAlt,
  ])
  for (const misprint of ['রেষ্টর', 'নাড়া'.normalize('NFC')]) assert.ok(!names.includes(misprint))
})

test('upazilas of one name are told apart by their district', () => {
  const known = knownPosts(plan).filter(({ role, placeName }) => role === 'uno' && placeName?.bn === 'পীরগঞ্জ')
  assert.equal(known.length, 2)
  assert.equal(known.filter(({ placeAlt }) => placeAlt?.includes('পীরগঞ্জ, রংপুর')).length, 1)
})

test('a hundred thousand further posts join the country under all 64 districts', () => {
  const further = generatePosts(100_000)
  assert.equal(further.posts.length, 100_000)
  assert.equal(further.people.length, 100_000)
  assert.equal(new Set(further.posts.map(({ supervisor }) => supervisor)).size, 64)
  assert.deepEqual(checkImport(addTo(plan, further), { where: somewhere }), [])
  assert.deepEqual(checkImport(further, { where: somewhere, known: plan }), [])
})

test('few further posts make no empty office', () => {
  assert.equal(generatePosts(3).offices.length, 3)
  assert.equal(generatePosts(0).offices.length, 0)
})
