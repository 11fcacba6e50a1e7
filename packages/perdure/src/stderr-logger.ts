/** The log of an engine that was given none: one readable line each on stderr. */
import type { Logger } from '@perdure/engine'

const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const
type Level = (typeof levels)[number]

type Attributes = Readonly<Record<string, unknown>>

export interface StderrLoggerOptions {
  /** A readable line each (default), or a JSON object a line. */
  readonly format?: 'text' | 'json' | undefined
  readonly write?: (line: string) => void
}

/** @param least what is less grave is not written: debug, info (default), warn, error, silent */
export function createStderrLogger(least: string | undefined, { format = 'text', write = writeLine }: StderrLoggerOptions = {}): Logger {
  const wanted = levels.indexOf(least?.toLowerCase() as Level)
  const from = wanted === -1 ? levels.indexOf('info') : wanted
  const lineOf = format === 'json' ? jsonLine : textLine
  const at = (level: Level) => (message: string, attributes: Attributes = {}) => {
    if (levels.indexOf(level) >= from) write(`${lineOf(level, message, attributes)}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function writeLine(text: string): void {
  process.stderr.write(text)
}

/** Whatever it says, it stays on its line. */
function textLine(level: Level, message: string, attributes: Attributes): string {
  const pairs = Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${shown(value)}`]))
  const text = [message, ...pairs].join(' ').replaceAll(/\s*[\r\n]+\s*/g, ' | ')
  return `${new Date().toISOString()} ${level.toUpperCase()} perdure: ${text}`
}

function jsonLine(level: Level, message: string, attributes: Attributes): string {
  const entry = { time: new Date(), level, message }
  const plain = Object.entries(attributes).map(([name, value]) => [name, value instanceof Error ? value.message : value])
  try {
    return JSON.stringify({ ...entry, ...Object.fromEntries(plain) as object })
  } catch {
    return JSON.stringify({ ...entry, attributes: Object.entries(attributes).map(([name, value]) => `${name}=${shown(value)}`) })
  }
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
