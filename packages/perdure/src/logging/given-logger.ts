/** The logger that a user gave: any object with the methods of Logger, such as console, or a pino. */
import { type Logger, PerdureError } from '@perdure/engine'
import type { Logger as Pino } from 'pino'
import { pinoLogger } from './pino-logger.ts'

const levels = ['debug', 'info', 'warn', 'error'] as const

/** @throws PerdureError ENGINE_OPTIONS_INVALID */
export function checkLogger(given: Logger): void {
  const missing = levels.filter((level) => typeof given[level] !== 'function')
  if (missing.length === 0) return
  const remedy = 'give an object with debug, info, warn and error, each (message, attributes), such as console; or a pino'
  throw new PerdureError('ENGINE_OPTIONS_INVALID', `The logger of Engine.open() has no method ${missing.join(', ')}; ${remedy}`)
}

/** The types of a pino let it pass as a Logger, and it would leave out all attributes. */
export async function acceptedLogger(given: Logger): Promise<Logger> {
  return isPino(given) ? pinoLogger(given) : given
}

/** The mark is the same in all versions of pino. */
function isPino(logger: Logger): logger is Logger & Pino {
  return Symbol.for('pino.serializers') in logger
}
