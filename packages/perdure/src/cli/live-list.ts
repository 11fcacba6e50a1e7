/**
 * The live list of `perdure dev`: a line for each execution that ended, or that came to be held, since it began. It looks
 * at the newest executions once a second and keeps those that are open in mind: one that stays open for long falls out
 * of that page, and is then looked up by itself.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { ExecutionSummary } from '@perdure/engine'
import type { Engine } from '../engine.ts'
import { age, shownStatus } from './execution-text.ts'
import { deepestFailureLine, isPlainCancellation } from './failure-text.ts'
import { jsonText } from './json-text.ts'
import { type OutputFormat, writeErr, writeOut } from './output.ts'
import { clockTime, cut, paintedStatus, printable, terminalColumns, widthOf, wrapped } from './text.ts'

const lookEveryMs = 1_000
/** Newest executions looked at each time. */
const pageSize = 100
/** Open executions kept in mind; beyond that the oldest are not reported. */
const openMax = 1_000
/** Executions outside of the page that are looked up each time, and failures that are read. */
const lookUpsMax = 20

export interface LiveList {
  stop(): Promise<void>
}

/** @param since what ended before it is not shown */
export function followExecutions(engine: Engine, output: OutputFormat, since: Date): LiveList {
  const stopped = new AbortController()
  const seen = createSeen(since)
  const look = async () => {
    const { executions } = await engine.workflows.list({ limit: pageSize })
    const others = await Promise.all(seen.outside(executions).map(({ workflowId, runId }) => engine.workflows.describe(workflowId, runId)))
    let lookUps = 0
    for (const each of seen.news([...executions, ...others].reverse())) {
      const hasFailed = each.status !== 'COMPLETED' && lookUps++ < lookUpsMax
      const failure = hasFailed ? (await engine.workflows.describe(each.workflowId, each.runId)).failure : undefined
      writeOut(output === 'text' ? textLine(each, failure) : `${jsonText(each)}\n`)
    }
  }
  const following = repeat(look, stopped.signal)
  return {
    stop: async () => {
      stopped.abort()
      await following
      // What ended while the worker was told to stop.
      await look()
    },
  }
}

/** A database that is away comes back: the worker says so in its log, the list goes on. */
async function repeat(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  let wasWell = true
  while (!signal.aborted) {
    try {
      await look()
      wasWell = true
    } catch (error) {
      if (wasWell) writeErr(`The list stands still: ${error instanceof Error ? error.message : String(error)}\n`)
      wasWell = false
    }
    await pause(lookEveryMs, undefined, { signal }).catch(() => {})
  }
}

/** Which executions are open, and which were shown. */
export function createSeen(since: Date) {
  const open = new Map<string, ExecutionSummary>()
  let shown = new Set<string>()
  return {
    /** Those kept in mind that a page does not hold, at most a few. */
    outside: (page: readonly ExecutionSummary[]): ExecutionSummary[] => {
      const inside = new Set(page.map((each) => each.runId))
      return [...open.values()].filter((each) => !inside.has(each.runId)).slice(0, lookUpsMax)
    },
    /** Those to be shown now: ended since then, or newly held. */
    news: (executions: readonly ExecutionSummary[]): ExecutionSummary[] => {
      const before = shown
      shown = new Set()
      return executions.filter((each) => {
        const isOpen = each.status === 'RUNNING'
        open.delete(each.runId)
        if (isOpen) remember(open, each)
        const key = `${each.runId} ${shownStatus(each)}`
        const isNews = isOpen ? shownStatus(each) === 'HELD' : each.closeTime !== undefined && each.closeTime >= since
        if (isNews) shown.add(key)
        return isNews && !before.has(key)
      })
    },
  }
}

/** The one looked at last stands last, so that all get their turn. */
function remember(open: Map<string, ExecutionSummary>, execution: ExecutionSummary): void {
  open.set(execution.runId, execution)
  const [oldest] = open.keys()
  if (open.size > openMax && oldest !== undefined) open.delete(oldest)
}

export function textLine(execution: ExecutionSummary, failure: unknown, columns = terminalColumns()): string {
  const time = execution.closeTime ?? new Date()
  const status = shownStatus(execution)
  const words = [
    clockTime(time), paintedStatus(status) + ' '.repeat(Math.max(0, 10 - status.length)), age(execution, time).padStart(6),
    printable(execution.workflowType), printable(execution.workflowId),
  ]
  const line = words.join('  ')
  const why = reasonOf(execution, failure)
  if (columns === undefined || widthOf(line) + 2 + why.length <= columns) return `${line}${why === '' ? '' : `  ${why}`}\n`
  // What does not fit stands under the status, so that the times stay a column of their own.
  const room = columns - below.length
  const parts = [...(widthOf(line) <= columns ? [line] : wrapped(line, room).split('\n')), ...(why === '' ? [] : [cut(why, room)])]
  return parts.map((part, index) => `${index === 0 ? '' : below}${part.trimEnd()}\n`).join('')
}
const below = ' '.repeat('10:21:04  '.length)

function reasonOf({ held }: ExecutionSummary, failure: unknown): string {
  if (held !== undefined) return `${held.code}: ${printable(held.reason.split('\n')[0] ?? '')}`
  return isPlainCancellation(failure) ? '' : deepestFailureLine(failure)
}
