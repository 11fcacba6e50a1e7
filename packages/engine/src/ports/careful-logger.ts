import { listenerWarning } from './listener-warning.ts'
import type { Logger } from './logger.ts'

/**
 * A logger given from outside, whose errors end here: what it is told of has happened, and a log line is no reason to
 * lose a worker's session or its process. The first error is told as a warning of the process.
 */
export function carefulLogger(logger: Logger): Logger {
  const tell = listenerWarning('The logger given to the engine threw, and lines are missing')
  const at = (level: keyof Logger): Logger['info'] => (message, attributes) => {
    try {
      const returned: unknown = logger[level]?.(message, attributes)
      if (returned instanceof Promise) returned.catch(tell)
    } catch (error) {
      tell(error)
    }
  }
  const careful = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  return typeof logger.trace === 'function' ? { ...careful, trace: at('trace') } : careful
}
