import * as v from 'valibot'
import geoJson from './data/geo.json' with { type: 'json' }

/** A division, district, upazila or metropolitan thana of `data/geo.json`. */
export type Place = {
  /** The code of the Bureau of Statistics: division(2) + district(2) + upazila(2); of a place that has none, `2022-eidgaon`. */
  code: string
  kind: 'division' | 'district' | 'upazila' | 'thana'
  bn: string
  en: string
  alt: string[]
  /** The code of the place it lies in; a division lies in none. */
  within?: string
}

const names = v.optional(v.array(v.string()), [])
const area = { bn: v.string(), en: v.string(), bnAlt: names, enAlt: names }
const geoShape = v.object({
  divisions: v.array(v.object({ ...area, code: v.string() })),
  districts: v.array(v.object({ ...area, code: v.string(), division: v.string() })),
  upazilas: v.array(v.object({ ...area, code: v.nullable(v.string()), district: v.string() })),
  metropolitanThanas: v.array(v.object({ code: v.string(), district: v.string(), en: v.string() })),
})

let known: ReadonlyMap<string, Place> | undefined

/** Every place by its code, divisions first, then districts, upazilas and thanas, in the order of the file. */
export function places(): ReadonlyMap<string, Place> {
  known ??= readPlaces()
  return known
}

function readPlaces(): Map<string, Place> {
  const geo = v.parse(geoShape, geoJson)
  const found = new Map<string, Place>()
  function add(place: Place): void {
    if (found.has(place.code)) throw new Error(`data/geo.json has the code ${place.code} twice: correct one of them`)
    found.set(place.code, {
      ...place,
      bn: place.bn.normalize('NFC'),
      alt: place.alt.map((name) => name.normalize('NFC')),
    })
  }
  for (const { code, bn, en, bnAlt, enAlt } of geo.divisions) {
    add({ code, kind: 'division', bn, en, alt: [...bnAlt, ...enAlt] })
  }
  for (const { code, bn, en, bnAlt, enAlt, division } of geo.districts) {
    add({ code, kind: 'district', bn, en, alt: [...bnAlt, ...enAlt], within: division })
  }
  for (const { code, bn, en, bnAlt, enAlt, district } of geo.upazilas) {
    // @NOTE Three upazilas of 2021 have no published code yet; when one is added here, the codes of its posts change.
    const ours = code ?? `${district}-${en.toLowerCase().replace(/[^a-z]+/g, '-')}`
    add({ code: ours, kind: 'upazila', bn, en, alt: [...bnAlt, ...enAlt], within: district })
  }
  for (const { code, en, district } of geo.metropolitanThanas) {
    const spoken = en.toLowerCase().replace(/(^|[^a-z])[a-z]/g, (first) => first.toUpperCase())
    add({ code, kind: 'thana', bn: spoken, en: spoken, alt: [], within: district })
  }
  return found
}
