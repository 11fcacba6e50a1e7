/** How much is logged, and in which form. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

export const logFormats = ['text', 'json'] as const
export type LogFormat = (typeof logFormats)[number]

export interface LogSettings {
  /** What is less grave is not written. */
  readonly level: LogLevel
  /** Default: text where stderr is a terminal, else JSON. */
  readonly format?: LogFormat | undefined
  /** Default: to stderr. */
  readonly write?: (line: string) => void
}

/** Of an engine that was told nothing. What PERDURE_LOG_LEVEL says is taken where it is a level. */
export function levelOf(env: NodeJS.ProcessEnv): LogLevel {
  const wanted = env['PERDURE_LOG_LEVEL']?.toLowerCase()
  return logLevels.find((level) => level === wanted) ?? levelDefault
}

export const levelDefault = 'info'
