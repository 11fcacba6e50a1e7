/** The engine's log of a command, on stderr: a readable line each, or JSON lines. */
import type { Logger } from '@perdure/engine'
import type { Settings } from '../config/settings-schema.ts'
import type { LogLevel } from '../logging/log-settings.ts'
import { createLogger } from '../logging/pino-logger.ts'
import { type OutputFormat, writeErr } from './output.ts'

interface LogOptions {
  readonly output: OutputFormat
  readonly logLevel?: LogLevel
  readonly configuration: { readonly settings: Settings }
}

/**
 * With the level of the flag, else of the configuration, else `least`; as JSON where either of them wants it, or nobody
 * reads it. Without the messages that match `leftOut`.
 */
export async function configuredLogger(options: LogOptions, least: LogLevel, leftOut?: RegExp): Promise<Logger> {
  const { output, logLevel, configuration: { settings } } = options
  const { level, format } = settings.logging ?? {}
  const logger = await createLogger({ level: logLevel ?? level ?? least, format: output === 'text' ? format : 'json', write: writeErr })
  if (leftOut === undefined) return logger
  const at = (name: 'debug' | 'info' | 'warn' | 'error') => (message: string, attributes?: Readonly<Record<string, unknown>>) => {
    if (!leftOut.test(message)) logger[name](message, attributes)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
