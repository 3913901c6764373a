import fc from 'fast-check'

/** Any character of Unicode, most of them assigned to nothing. fast-check's own "binary" first makes a table of them all. */
const anyCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((codePoint) => String.fromCodePoint(codePoint))

/** Text of any characters, for what must answer or refuse whatever it is given. */
export function anyText(constraints: fc.StringConstraints = {}): fc.Arbitrary<string> {
  return fc.string({ unit: anyCharacter, ...constraints })
}
