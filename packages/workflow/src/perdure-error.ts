import { brandClass } from './class-brand.ts'

/** Base of every error that Perdure itself throws. `code` is stable and listed in docs/errors.md. */
export class PerdureError extends Error {
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.name = new.target.name
  }
}
brandClass(PerdureError, 'PerdureError')
