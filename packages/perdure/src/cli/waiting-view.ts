/** What somebody sees who waits for an execution: on a terminal a line that lives, elsewhere one note when it takes long. */
import type { ExecutionDescription } from '@perdure/engine'
import type { Engine } from '../engine.ts'
import { age, shownStatus, waitsFor } from './execution-text.ts'
import { deepestFailureLine } from './failure-text.ts'
import { nextCommand, quoted } from './next-command.ts'
import type { ExecutionOptions } from './options.ts'
import { note } from './output.ts'
import { isLive, statusLine } from './status-line.ts'
import { printable, shortDuration } from './text.ts'

export interface WaitingView {
  stop(): void
}

const noteAfterMs = 3_000
const firstLookMs = 300
/** Each look may ask the worker that has the execution. */
const lookEveryMs = 2_000
const showEveryMs = 200

export function viewWaiting(engine: Engine, options: ExecutionOptions): WaitingView {
  return isLive(options.output) ? liveLine(engine, options) : oneNote(engine, options)
}

/** What is wrong with the database, the waiting itself tells. */
function liveLine(engine: Engine, options: ExecutionOptions): WaitingView {
  const { workflowId, runId, output } = options
  const again = nextCommand(options, 'workflow result -w', quoted(workflowId))
  const status = statusLine(output, `The execution goes on; its result: ${again}`)
  let latest: ExecutionDescription | undefined
  let timer: NodeJS.Timeout
  const look = () => {
    const looked = engine.workflows.describe(workflowId, runId).then((description) => {
      latest = description
    })
    void looked.catch(() => {}).finally(() => {
      if (!stopped) timer = setTimeout(look, lookEveryMs)
    })
  }
  let stopped = false
  timer = setTimeout(look, firstLookMs)
  const shown = setInterval(() => {
    if (latest !== undefined) status.show(() => progressText(latest as ExecutionDescription, new Date()))
  }, showEveryMs)
  return {
    stop: () => {
      stopped = true
      clearTimeout(timer)
      clearInterval(shown)
      status.clear()
    },
  }
}

function oneNote(engine: Engine, { workflowId, runId, output }: ExecutionOptions): WaitingView {
  const look = async () => {
    const { owned, executionTime, taskQueue, held } = await engine.workflows.describe(workflowId, runId)
    if (held !== undefined) return `it is held (${held.code}): ${firstLine(held.reason)}`
    if (owned || executionTime !== undefined) return 'it takes its time'
    return `no worker has taken it yet; does one serve the task queue '${printable(taskQueue)}'? \`npx perdure dev\` runs one`
  }
  const timer = setTimeout(() => {
    const told = look().then((why) => note(output, `Waiting for ${printable(workflowId)}: ${why}. Ctrl-C ends the waiting only.`))
    told.catch(() => {})
  }, noteAfterMs)
  return { stop: () => clearTimeout(timer) }
}

/** `order-7  RUNNING 12s  charge runs since 3s` */
export function progressText(execution: ExecutionDescription, now: Date): string {
  return `${printable(execution.workflowId)}  ${shownStatus(execution)} ${age(execution, now)}  ${happening(execution, now)}`.trimEnd()
}

function happening(execution: ExecutionDescription, now: Date): string {
  const { held, problem, closeTime, pendingActivities: [first, ...others] } = execution
  if (closeTime !== undefined) return ''
  if (held !== undefined) return `${held.code}: ${firstLine(held.reason)}`
  if (problem !== undefined) return printable(problem)
  if (first === undefined) return `waits for ${waitsFor(execution, now)}`
  const { activityType, attempt, nextAttemptTime, lastStartedTime, lastFailure } = first
  const more = others.length === 0 ? '' : `, and ${others.length} more`
  const tries = attempt > 1 ? `, attempt ${attempt}` : ''
  const why = lastFailure === undefined ? '' : `: ${deepestFailureLine(lastFailure)}`
  if (nextAttemptTime !== undefined && nextAttemptTime > now) {
    return `${printable(activityType)}${tries} in ${shortDuration(nextAttemptTime.getTime() - now.getTime())}${more}${why}`
  }
  const since = lastStartedTime === undefined ? 'waits' : `runs since ${shortDuration(now.getTime() - lastStartedTime.getTime())}`
  return `${printable(activityType)} ${since}${tries}${more}${why}`
}

function firstLine(text: string): string {
  return printable(text.split('\n')[0] ?? '')
}
