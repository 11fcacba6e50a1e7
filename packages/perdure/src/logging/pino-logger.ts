/** The log of an engine that was given no logger: pino, on stderr; a line for people on a terminal, else JSON lines. */
import type { Logger } from '@perdure/engine'
import type { Logger as Pino } from 'pino'
import { hasColours } from '../cli/output.ts'
import type { LogLevel, LogSettings } from './log-settings.ts'

/**
 * Pino is loaded here and not above: who brings a logger does not pay for it. Lines are written at once and not through a
 * thread, so that none is lost when the process ends.
 */
export async function createLogger({ level, format = formatHere(), write = writeToStderr }: LogSettings): Promise<Logger> {
  const { pino, stdTimeFunctions } = await import('pino')
  const line = format === 'text' ? await textFormatter() : (json: string) => json
  const labelled = { level: (label: string) => ({ level: label }) }
  const options = { level, timestamp: stdTimeFunctions.isoTime, formatters: labelled }
  return pinoLogger(pino(options, { write: (json: string) => write(line(json)) }))
}

/** Any pino as a Logger: it takes its arguments the other way round. Errors keep their stacks and causes, whatever they are called. */
export async function pinoLogger(pino: Pick<Pino, EntryLevel>): Promise<Logger> {
  const { stdSerializers } = await import('pino')
  const plain = ([name, value]: readonly [string, unknown]): [string, unknown] => (
    [ofPino.has(name) ? `${name}_` : name, value instanceof Error ? stdSerializers.errWithCause(value) : value])
  const at = (level: EntryLevel) => (message: string, attributes: Attributes = {}) => {
    pino[level](Object.fromEntries(Object.entries(attributes).map(plain)), message)
  }
  return { trace: at('trace'), debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

type EntryLevel = Exclude<LogLevel, 'silent'>
type Attributes = Readonly<Record<string, unknown>>

/** Members of every line. Twice in one object, an attribute of that name would take their place. */
const ofPino: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'hostname', 'msg'])

function formatHere(): 'text' | 'json' {
  return process.stderr.isTTY ? 'text' : 'json'
}

async function textFormatter(): Promise<(json: string) => string> {
  const { prettyFactory } = await import('pino-pretty')
  // Day and zone matter to whoever reads it later.
  const translateTime = process.stderr.isTTY && 'SYS:HH:MM:ss.l'
  const pretty = prettyFactory({ colorize: hasColours(process.stderr), singleLine: true, ignore: 'pid,hostname', translateTime })
  return (json) => pretty(json) ?? ''
}

function writeToStderr(line: string): void {
  process.stderr.write(line)
}
