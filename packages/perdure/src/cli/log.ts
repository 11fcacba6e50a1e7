/** The engine's log on stderr: a readable line each, or JSON lines. */
import type { Logger } from '@perdure/engine'
import type { Settings } from '../config/settings-schema.ts'
import { type OutputFormat, writeErr } from './output.ts'
import { clockTime, colours, printable, shown, terminalColumns, wrapped } from './text.ts'

const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof levels)[number]
export const logLevels: readonly LogLevel[] = levels

interface LogOptions {
  readonly output: OutputFormat
  readonly logLevel?: LogLevel
  readonly configuration: { readonly settings: Settings }
}

/** With the level of the flag, else of the configuration, else `least`; as JSON where either of them wants it. */
export function configuredLogger({ output, logLevel, configuration }: LogOptions, least: LogLevel, leftOut?: RegExp): Logger {
  const { level, format } = configuration.settings.logging ?? {}
  return logger(output === 'text' && format === 'json' ? 'jsonl' : output, logLevel ?? level ?? least, leftOut)
}

/** Writes what is at least as grave as `least`, without the messages that match `leftOut`. */
export function logger(format: OutputFormat, least: LogLevel, leftOut?: RegExp): Logger {
  const at = (level: EntryLevel) => (message: string, attributes: Readonly<Record<string, unknown>> = {}) => {
    if (levels.indexOf(level) < levels.indexOf(least) || leftOut?.test(message) === true) return
    const now = new Date()
    writeErr(format === 'text' ? textLine(level, message, attributes, now) : jsonLine(level, message, attributes, now))
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

type EntryLevel = Exclude<LogLevel, 'silent'>

function textLine(level: EntryLevel, message: string, attributes: Readonly<Record<string, unknown>>, time: Date): string {
  const paint = colours(process.stderr)
  const painted = { debug: paint.dim, info: paint.blue, warn: paint.yellow, error: paint.red }[level](level.toUpperCase().padEnd(5))
  const pairs = Object.entries(attributes).filter(([, value]) => value !== undefined).map(([name, value]) => ` ${name}=${attribute(value)}`)
  const columns = terminalColumns(process.stderr)
  const text = `${printable(message)}${paint.dim(pairs.join(''))}`
  // A file is read elsewhere, and later.
  if (columns === undefined) return `${time.toISOString()}  ${painted}  ${text}\n`
  const lines = wrapped(text, columns - textBegins).split('\n').map((line, index) => (index === 0 ? line : ' '.repeat(textBegins) + line))
  return `${paint.dim(clockTime(time))}  ${painted}  ${lines.join('\n')}\n`
}
const textBegins = '10:21:04  ERROR  '.length

function attribute(value: unknown): string {
  if (value instanceof Error) return shown(value.message)
  return typeof value === 'string' && /^[\w.:@/-]+$/.test(value) ? value : shown(value)
}

function jsonLine(level: LogLevel, message: string, attributes: Readonly<Record<string, unknown>>, time: Date): string {
  const plain = Object.entries(attributes).map(([name, value]) => [name, value instanceof Error ? value.message : value])
  return `${JSON.stringify({ time, level, message, ...Object.fromEntries(plain) as object })}\n`
}
