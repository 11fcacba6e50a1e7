import { brandClass } from '@perdure/workflow/host'
import { PerdureError } from '../error.ts'

/** A history that was given cannot be replayed at all; whether the code fits it is another question. Codes: docs/errors.md. */
export class HistoryFileError extends PerdureError {}
brandClass(HistoryFileError, 'HistoryFileError')
