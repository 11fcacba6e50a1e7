/** What the search tells of one program. */
import type { Payload } from '../../packages/engine/src/protocol/payload.ts'
import type { EventRecord } from '../../packages/engine/src/protocol/transition.ts'
import type { Checked, Difference } from './check.ts'
import { failureText, startedAt } from './instance-text.ts'
import { programText } from './program-text.ts'

export function reportOf({ number, home, program, log, batches, difference }: Checked): string {
  const from = log[0] === undefined || log[0].at < 2 * startedAt ? startedAt : log[0].at
  const events = log.flatMap((event, index) => [...(batches.includes(index) ? ['  came later:'] : []), eventLine(event, from)])
  return [
    `Program ${number}, ${home}`, indented(programText(program)), `Events: ${log.length}`, ...events,
    difference === undefined ? 'No difference.' : differenceText(difference, log.length),
    `Again: npm run replay-races -- --program ${number}`,
  ].join('\n')
}

export function eventLine({ seq, at, type, data }: EventRecord, from: number): string {
  const [attributes = '', ...payloads] = data.split('\n')
  const { command, signalName } = JSON.parse(attributes) as { readonly command?: number; readonly signalName?: string }
  const what = command === undefined ? signalName ?? '' : `command ${command}`
  const shown = payloads.slice(signalName === undefined ? 1 : 0).map((payload) => failureText(payload as Payload).slice(0, 100))
  return `  ${String(seq).padStart(3)}  +${at - from}  ${type} ${what} ${shown.join(' ')}`.trimEnd()
}

export function differenceText({ way, events, what, live, cold }: Difference, of: number): string {
  const [was, now] = [live.split('\n'), cold.split('\n')]
  let first = 0
  while (first < was.length && was[first] === now[first]) first++
  const shown = (lines: readonly string[]): string => (
    lines.length <= first ? '(no more)' : lines.slice(Math.max(0, first - 2), first + 3).join('\n'))
  return [
    `Difference: ${what}, after ${events} of ${of} events, when ${way}; from line ${first + 1} on`,
    'live', indented(shown(was)), 'cold', indented(shown(now)),
  ].join('\n')
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ')
}
