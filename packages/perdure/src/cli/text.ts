/** How values look in text output. */
import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'
import pc from 'picocolors'
import { jsonText } from './json-text.ts'
import { hasColours } from './output.ts'

type Colours = ReturnType<typeof pc.createColors>

export function colours(stream: NodeJS.WriteStream = process.stdout): Colours {
  return pc.createColors(hasColours(stream))
}

/** Columns under their headings, aligned, without a frame. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const paint = colours()
  const all = [headings.map((heading) => paint.dim(heading)), ...rows]
  if (all.length > gridRowsMax) return padded(all).map((row) => row.join('  ').trimEnd()).join('\n')
  const grid = frameless()
  grid.push(...all.map((row) => [...row]))
  return trimmedLines(grid.toString())
}

/** As table; where that is wider than the terminal, its widest columns are cut. */
export function fittingTable(
  headings: readonly string[], rows: readonly (readonly string[])[], columns = terminalColumns(),
): string {
  if (columns === undefined) return table(headings, rows)
  const least = headings.map((heading) => Math.max(heading.length, columnsLeast))
  const widths = headings.map((heading, at) => Math.max(heading.length, ...rows.map((row) => widthOf(row[at] ?? ''))))
  const total = () => widths.reduce((sum, width) => sum + width, gap * (widths.length - 1))
  while (total() > columns) {
    const spare = widths.map((width, at) => (width > (least[at] ?? 0) ? width : 0))
    const widest = spare.indexOf(Math.max(...spare))
    if (spare[widest] === 0) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return table(headings, rows.map((row) => row.map((cell, at) => (widthOf(cell) > (widths[at] ?? 0) ? cut(cell, widths[at] ?? 0) : cell))))
}
const gap = 2
const columnsLeast = 8

/** The library knows how wide each character is, but takes minutes for the longest histories. */
const gridRowsMax = 500

/** Columns as wide as their longest cells, the last one as it is. */
function padded(rows: readonly (readonly string[])[]): string[][] {
  const widths: number[] = []
  const lengths = rows.map((row) => row.slice(0, -1).map((cell, column) => {
    const width = widthOf(cell)
    widths[column] = Math.max(widths[column] ?? 0, width)
    return width
  }))
  return rows.map((row, at) => row.map((cell, column) => {
    const missing = (widths[column] ?? 0) - (lengths[at]?.[column] ?? 0)
    return column === row.length - 1 ? cell : cell + ' '.repeat(missing)
  }))
}

/** Names and values in two columns, long values over several lines; what has no value is left out. */
export function facts(entries: readonly (readonly [string, string | undefined])[], columns = terminalColumns()): string {
  const paint = colours()
  const grid = frameless()
  const widestName = Math.max(...entries.map(([name]) => name.length))
  // Facts stand below a heading, indented by two.
  const room = columns === undefined ? undefined : columns - widestName - 2 - 2
  for (const [name, value] of entries) {
    if (value !== undefined) grid.push([paint.dim(name), wrapped(value, room)])
  }
  return trimmedLines(grid.toString())
}

/** Undefined where the output goes to a file or a pipe: everything is whole there. */
export function terminalColumns(stream: NodeJS.WriteStream = process.stdout): number | undefined {
  return stream.isTTY ? stream.columns : undefined
}

/** Broken between words; words that are longer than the room stay whole, so that they can be copied. */
export function wrapped(text: string, room: number | undefined): string {
  if (room === undefined) return text
  return text.split('\n').map((line) => wrappedLine(line, room)).join('\n')
}

function wrappedLine(line: string, room: number): string {
  const lines: string[] = []
  let current: string | undefined
  for (const word of line.split(' ')) {
    if (current === undefined) current = word
    else if (widthOf(current) + 1 + widthOf(word) <= room) current += ` ${word}`
    else {
      lines.push(current.trimEnd())
      current = word
    }
  }
  return [...lines, current ?? ''].join('\n')
}

/** Columns that a text takes, without what only colours it. */
export function widthOf(text: string): number {
  return stripVTControlCharacters(text).length
}

function frameless(): Table.Table {
  const none = {
    'top': '', 'top-mid': '', 'top-left': '', 'top-right': '', 'bottom': '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
    'left': '', 'left-mid': '', 'mid': '', 'mid-mid': '', 'right': '', 'right-mid': '', 'middle': '  ',
  }
  return new Table({ chars: none, style: { 'padding-left': 0, 'padding-right': 0, 'head': [], 'border': [] } })
}

function trimmedLines(text: string): string {
  return text.split('\n').map((line) => line.trimEnd()).join('\n')
}

export function indented(text: string): string {
  return text.split('\n').map((line) => (line === '' ? line : `  ${line}`)).join('\n')
}

/** A name from a database or a command line cannot move the cursor or change colours: control characters are spelled out. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    return character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** As printable, but a message of several lines keeps them. */
export function printableLines(text: string): string {
  return text.split(/\r?\n/).map(printable).join('\n')
}

/** One line of JSON, safe for a terminal. */
export function shown(value: unknown): string {
  return printable(value === undefined ? 'undefined' : jsonText(value))
}

/** Cut to the width of a terminal; whole where the output goes to a file or a pipe. */
export function fitted(text: string, columnsTaken: number, columns = terminalColumns()): string {
  return columns === undefined ? text : cut(text, Math.max(columnsLeastShown, columns - columnsTaken))
}
const columnsLeastShown = 20

export function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`
}

const statusColours = {
  RUNNING: 'blue', COMPLETED: 'green', FAILED: 'red', CANCELLED: 'yellow', TERMINATED: 'red', TIMED_OUT: 'red', CONTINUED_AS_NEW: 'cyan',
  HELD: 'magenta',
} as const

export function paintedStatus(status: string, stream: NodeJS.WriteStream = process.stdout): string {
  const colour = (statusColours as Readonly<Record<string, 'blue' | 'green' | 'red' | 'yellow' | 'cyan' | 'magenta' | undefined>>)[status]
  return colour === undefined ? printable(status) : colours(stream)[colour](status)
}

/** `2026-11-21 10:21:04`, where the reader is. */
export function localTime(time: Date): string {
  return `${localDay(time)} ${clockTime(time)}`
}

/** `2026-11-21 10:21:04.250` */
export function preciseTime(time: Date): string {
  return `${localDay(time)} ${preciseClock(time)}`
}

/** `10:21:04.250` */
export function preciseClock(time: Date): string {
  return `${clockTime(time)}.${String(time.getMilliseconds()).padStart(3, '0')}`
}

/** `2026-11-21` */
export function localDay(time: Date): string {
  return [time.getFullYear(), time.getMonth() + 1, time.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}

export function clockTime(time: Date): string {
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')
}

/** `1 worker`, `2 workers` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`
}

/** `25ms`, `1.5s`, `3m 04s`, `2h 05m`, `3d 4h`. */
export function shortDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))}ms`
  if (ms < 60_000) return `${Math.floor(ms / 100) / 10}s`
  const seconds = Math.floor(ms / 1_000)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours === 0) return `${minutes}m ${twoDigits(seconds % 60)}s`
  return hours < 24 ? `${hours}h ${twoDigits(minutes % 60)}m` : `${Math.floor(hours / 24)}d ${hours % 24}h`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
