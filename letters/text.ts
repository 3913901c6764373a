/**
 * A regular expression written in plain Bangla that accepts both encodings of য় ড় ঢ় ো ৌ, for real files mix them.
 * Not for letters inside a character class.
 */
export function bangla(source: string, flags = 'u'): RegExp {
  const both = source
    .normalize('NFC')
    .replaceAll('\u09af\u09bc', '(?:\u09df|\u09af\u09bc)')
    .replaceAll('\u09a1\u09bc', '(?:\u09dc|\u09a1\u09bc)')
    .replaceAll('\u09a2\u09bc', '(?:\u09dd|\u09a2\u09bc)')
    .replaceAll('\u09cb', '(?:\u09cb|\u09c7\u09be)')
    .replaceAll('\u09cc', '(?:\u09cc|\u09c7\u09d7)')
  return new RegExp(both, flags)
}
