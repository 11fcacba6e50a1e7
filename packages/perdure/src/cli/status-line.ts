/**
 * A line at the bottom of a terminal that says how it goes while a command waits. The cursor stays at its beginning, so
 * that whatever else is written takes its place.
 */
import { exitInterrupted } from './confirmation.ts'
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

/**
 * Silent where it would not be live. Ctrl-C takes it away, and ends the program where nobody else listens.
 * @param leaving what is said then
 */
export function statusLine(output: OutputFormat, leaving?: string, stream: NodeJS.WriteStream = process.stderr): StatusLine {
  if (!isLive(output, stream)) return { show: () => {}, clear: () => {} }
  let shownAt = Number.NEGATIVE_INFINITY
  let isAlone = false
  const clear = () => {
    process.off('SIGINT', interrupted)
    if (shownAt !== Number.NEGATIVE_INFINITY) stream.write(eraseLine)
    shownAt = Number.NEGATIVE_INFINITY
  }
  const interrupted = () => {
    clear()
    if (leaving !== undefined) stream.write(`${leaving}\n`)
    if (isAlone) process.exit(exitInterrupted)
  }
  return {
    show: (text) => {
      const now = performance.now()
      if (now - shownAt < showEveryMs) return
      if (shownAt === Number.NEGATIVE_INFINITY) {
        isAlone = process.listenerCount('SIGINT') === 0
        process.once('SIGINT', interrupted)
      }
      shownAt = now
      stream.write(`${eraseLine}${colours(stream).dim(cut(text(), stream.columns - 1))}\r`)
    },
    clear,
  }
}
