import { country } from './country.ts'
import type { Import, ImportOffice, ImportPerson, ImportPost } from './import-shape.ts'
import { nameAt } from './names.ts'
import { places } from './places.ts'

/**
 * `n` further posts for tests of scale, each with a holder of its own who has not joined: field officers (role
 * `field-officer`, "মাঠ কর্মকর্তা") of 64 district field offices under the DCs of the 8 divisions, dealt round in turn.
 * Not a whole service: it refers to the offices and posts of `country()`, and is to be imported after it or with
 * `addTo(country(), …)`. Names of holders repeat; codes do not (`field-office-5585`, `field-officer-5585-12`).
 */
export function generatePosts(n: number): Import {
  const offices: ImportOffice[] = []
  const posts: ImportPost[] = []
  const people: ImportPerson[] = []
  const districts = [...places().values()].filter((place) => place.kind === 'district')
  for (const { code, bn, en } of districts.slice(0, n)) {
    offices.push({
      code: `field-office-${code}`,
      bn: `মাঠ কার্যালয়, ${bn}`.normalize('NFC'),
      en: `Field Office, ${en}`,
      kind: 'field-office',
      parent: `dc-office-${code}`,
      place: code,
    })
  }
  for (let at = 0; at < n; at += 1) {
    const district = districts[at % districts.length]!
    const order = Math.floor(at / districts.length) + 1
    const code = `field-officer-${district.code}-${order}`
    posts.push({
      code,
      role: 'field-officer',
      bn: 'মাঠ কর্মকর্তা',
      en: 'Field Officer',
      office: `field-office-${district.code}`,
      supervisor: `dc-${district.code}`,
      place: district.code,
      order,
      mayIssue: false,
    })
    people.push({ code: `holder-${code}`, ...nameAt(at), posts: [{ post: code, charge: 'regular' }] })
  }
  return { service: country().service, offices, posts, people }
}

/** One plan out of a service and what is added to it. Says nothing about codes used in both: `checkImport` does. */
export function addTo(plan: Import, further: Import): Import {
  return {
    service: plan.service,
    offices: [...plan.offices, ...further.offices],
    posts: [...plan.posts, ...further.posts],
    people: [...plan.people, ...further.people],
  }
}
