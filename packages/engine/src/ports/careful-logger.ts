import type { Logger } from './logger.ts'

/**
 * A logger given from outside, whose errors end here: what it is told of has happened, and a log line is no reason to
 * lose a worker's session or its process. The first error is told as a warning of the process.
 */
export function carefulLogger(logger: Logger): Logger {
  let hasFailed = false
  const at = (level: keyof Logger): Logger['info'] => (message, attributes) => {
    try {
      logger[level]?.(message, attributes)
    } catch (error) {
      if (hasFailed) return
      hasFailed = true
      const why = error instanceof Error ? error.message : String(error)
      process.emitWarning(`The logger given to the engine threw, and lines are missing: ${why}`, { type: 'PerdureWarning' })
    }
  }
  const careful = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  return typeof logger.trace === 'function' ? { ...careful, trace: at('trace') } : careful
}
