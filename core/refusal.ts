/**
 * A refusal: something the caller can understand and act on. Its `code` is stable and is worded in the reader's
 * language by `language/`; `message` is for logs and developers only. `details` holds what the sentence needs
 * (a line number, a post's name) and never anything sealed.
 */
export class Refusal extends Error {
  readonly code: string
  readonly details: Record<string, unknown>

  constructor(code: string, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.details = details
  }
}
