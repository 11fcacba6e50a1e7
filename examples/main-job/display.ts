/** What the person at the terminal sees: lines that stay, and one live line below them where there is a terminal. */
import { styleText } from 'node:util'

export interface Progress {
  readonly done: number
  readonly total: number
  readonly note: string
}

export interface Display {
  /** A line that stays, with the time since the start. */
  say(text: string): void
  show(progress: Progress): void
  /** Takes the live line away. */
  clear(): void
}

const barColumns = 30
/** Without a terminal a line is printed only every so many orders. */
const plainEvery = 50

export function openDisplay(out: NodeJS.WriteStream, startedAt = performance.now()): Display {
  const clock = () => styleText('dim', `${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5)} s `, { stream: out })
  let live = ''
  let nextPlain = plainEvery
  const clear = () => {
    if (live !== '') out.write('\r\x1b[K')
    live = ''
  }
  return {
    clear,
    say(text) {
      const again = live
      clear()
      out.write(`${clock()} ${text}\n`)
      if (again !== '') out.write(live = again)
    },
    show(progress) {
      if (!out.isTTY) {
        if (progress.done < nextPlain) return
        out.write(`${clock()} ${progress.done} of ${progress.total} orders done  ${progress.note}\n`)
        nextPlain = progress.done - (progress.done % plainEvery) + plainEvery
        return
      }
      const line = cut(`${clock()} ${bar(progress, out)} ${progress.done}/${progress.total}  ${progress.note}`, out.columns)
      if (line === live) return
      clear()
      out.write(live = line)
    },
  }
}

function bar({ done, total }: Progress, out: NodeJS.WriteStream): string {
  const full = total === 0 ? 0 : Math.round((done / total) * barColumns)
  return styleText('green', '━'.repeat(full), { stream: out }) + styleText('dim', '━'.repeat(barColumns - full), { stream: out })
}

/** A live line that wraps cannot be taken away again. Colours take no columns. */
function cut(line: string, columns: number): string {
  // oxlint-disable-next-line no-control-regex
  const parts = line.split(/(\x1b\[[0-9;]*m)/)
  let left = Math.max(columns, 20) - 1
  return parts.map((part, index) => {
    if (index % 2 === 1) return part
    const kept = part.slice(0, left)
    left -= kept.length
    return kept
  }).join('')
}
