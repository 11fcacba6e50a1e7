import { brandClass } from '@perdure/workflow/host'
import { PerdureError } from '../error.ts'

/** A value cannot be stored, or a stored one cannot be read. Codes: PAYLOAD_NOT_SERIALISABLE, PAYLOAD_TOO_LARGE, PAYLOAD_UNREADABLE. */
export class PayloadError extends PerdureError {}
brandClass(PayloadError, 'PayloadError')
