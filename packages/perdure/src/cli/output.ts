/** What commands print: data on stdout, as text, as one JSON document, or as JSON lines; all else on stderr. */
import { jsonText } from './json-text.ts'

export const outputFormats = ['text', 'json', 'jsonl'] as const
export type OutputFormat = (typeof outputFormats)[number]

export function isOutputFormat(text: string): text is OutputFormat {
  return outputFormats.some((format) => format === text)
}

/** One answer in all its forms. */
export interface Answer {
  /** The document of -o json. */
  readonly value: unknown
  /** The lines of -o jsonl, where they are not the document itself. */
  readonly rows?: readonly unknown[]
  /** Made only when it is printed. */
  readonly text: () => string
}

export function print(format: OutputFormat, answer: Answer): void {
  switch (format) {
    case 'text':
      return writeOut(endedLine(answer.text()))
    case 'json':
      return writeOut(`${jsonText(answer.value, 2)}\n`)
    case 'jsonl':
      return writeOut((answer.rows ?? [answer.value]).map((row) => `${jsonText(row)}\n`).join(''))
  }
}

/** For people beside the data: shown with -o text only, on stderr. */
export function note(format: OutputFormat, text: string): void {
  if (format === 'text') writeErr(endedLine(text))
}

export function writeOut(text: string): void {
  process.stdout.write(text)
}

export function writeErr(text: string): void {
  process.stderr.write(process.stderr.isTTY && process.env['TERM'] !== 'dumb' ? eraseRest + text : text)
}

/** Of a status line, in whose place it is written. */
const eraseRest = '\u001b[K'

function endedLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

/** On a terminal only; NO_COLOR and TERM=dumb turn colours off, FORCE_COLOR turns them on everywhere. */
export function hasColours(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0'
  // Undefined on a pipe, whatever its type says: false must be said, or the colour library decides by itself (it colours when CI is set).
  if (!stream.isTTY) return false
  return env['TERM'] !== 'dumb'
}

/** `perdure workflow list | head -1`: the reader has gone, and nobody wants to hear of it. */
export function stopQuietlyOnBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      process.exit(0)
    })
  }
}
