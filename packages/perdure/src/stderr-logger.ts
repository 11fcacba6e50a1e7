/** The log of an engine that was given none: one readable line each on stderr. */
import type { Logger } from '@perdure/engine'

const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const
type Level = (typeof levels)[number]

/** @param least what is less grave is not written: debug, info, warn (default), error, silent */
export function createStderrLogger(least: string | undefined, write: (line: string) => void = writeLine): Logger {
  const wanted = levels.indexOf(least?.toLowerCase() as Level)
  const from = wanted === -1 ? levels.indexOf('warn') : wanted
  const at = (level: Level) => (message: string, attributes: Readonly<Record<string, unknown>> = {}) => {
    if (levels.indexOf(level) >= from) write(`${new Date().toISOString()} ${level.toUpperCase()} perdure: ${line(message, attributes)}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function writeLine(text: string): void {
  process.stderr.write(text)
}

/** Whatever it says, it stays on its line. */
function line(message: string, attributes: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${shown(value)}`]))
  return [message, ...pairs].join(' ').replaceAll(/\s*[\r\n]+\s*/g, ' | ')
}

function shown(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.message)
  if (typeof value === 'string') return /^[\w.:@/-]+$/.test(value) ? value : JSON.stringify(value)
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
