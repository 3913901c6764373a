/** A mail as it came, and with its encoded parts read. */
export function readableMail(raw: string): string {
  const [head = '', ...body] = raw.split('\r\n\r\n')
  const words = [...head.matchAll(/=\?UTF-8\?B\?([^?]*)\?=/gi)].map(([, text]) => Buffer.from(text!, 'base64'))
  return [raw, Buffer.concat(words).toString(), Buffer.from(body.join(''), 'base64').toString()].join('\n')
}
