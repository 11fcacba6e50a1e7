/**
 * A line at the bottom of a terminal that says how it goes while a command waits. The cursor stays at its beginning, so
 * that whatever else is written takes its place.
 */
import type { OutputFormat } from './output.ts'
import { colours, cut } from './text.ts'

export interface StatusLine {
  /** At most a few times a second: the text is made when it is shown. */
  show(text: () => string): void
  clear(): void
}

const showEveryMs = 100
const eraseLine = '\u001b[2K'

/** Not for programs, nor where nobody looks. */
export function isLive(output: OutputFormat, stream: NodeJS.WriteStream = process.stderr): boolean {
  return output === 'text' && stream.isTTY && process.env['TERM'] !== 'dumb'
}

/** Silent where it would not be live. */
export function statusLine(output: OutputFormat, stream: NodeJS.WriteStream = process.stderr): StatusLine {
  if (!isLive(output, stream)) return { show: () => {}, clear: () => {} }
  let shownAt = Number.NEGATIVE_INFINITY
  return {
    show: (text) => {
      const now = performance.now()
      if (now - shownAt < showEveryMs) return
      shownAt = now
      stream.write(`${eraseLine}${colours(stream).dim(cut(text(), stream.columns - 1))}\r`)
    },
    clear: () => {
      if (shownAt !== Number.NEGATIVE_INFINITY) stream.write(eraseLine)
      shownAt = Number.NEGATIVE_INFINITY
    },
  }
}
