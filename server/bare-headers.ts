/**
 * Headers of an answer that is no page: there is nothing in it to run, frame or sniff. The page's own policy, some hundreds of
 * bytes of it, would only be paid for on a slow line.
 */
export const BARE_HEADERS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
}
