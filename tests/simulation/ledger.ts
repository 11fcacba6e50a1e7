/** What users and activities of a simulation saw: asked, acknowledged, refused, run. The store is compared with it. */
import type { ActivityInfo } from '@perdure/workflow/activity'
import { PerdureError } from '@perdure/engine'
import type { RunId } from '@perdure/engine'
import type { Work } from './programs.ts'
import type { VirtualProcess } from '../../packages/testing/src/simulation/virtual-process.ts'

/** asked: no answer (yet); refused: answered that it was not made; unknown: answered that nobody knows. */
export type Answer = 'asked' | 'made' | 'refused' | 'unknown'

export interface AskedStart {
  readonly workflowId: string
  readonly runId: RunId
  answer: Answer
}

export interface AskedSignal {
  readonly id: string
  readonly workflowId: string
  /** Steps of the simulation: when it was asked for, and when it was answered. */
  readonly askedAt: number
  answeredAt: number
  answer: Answer
}

export interface AskedEnd {
  readonly kind: 'cancel' | 'terminate'
  readonly workflowId: string
  answer: Answer
}

export interface AskedUpdate {
  readonly id: string
  readonly workflowId: string
  readonly bad: boolean
  answer: Answer
}

export interface Attempt {
  readonly runId: string
  readonly command: number
  readonly attempt: number
  readonly work: Work
  readonly process: string
  /** Events of the history that were durable when it began. */
  readonly historyLength: number
  completed: boolean
}

export interface LedgerView {
  readonly step: () => number
  readonly historyLength: (runId: string) => number | undefined
  readonly fail: (message: string) => void
  readonly note: (line: () => string) => void
}

export class Ledger {
  readonly starts: AskedStart[] = []
  readonly signals: AskedSignal[] = []
  readonly ends: AskedEnd[] = []
  readonly updates: AskedUpdate[] = []
  readonly attempts = new Map<string, Attempt>()
  /** By the id of a piece of work: how often it may run at most. */
  readonly maximumAttempts = new Map<string, number>()
  readonly #view: LedgerView
  readonly #beats = new Map<string, number>()

  constructor(view: LedgerView) {
    this.#view = view
  }

  startAsked(workflowId: string, runId: RunId): AskedStart {
    const start: AskedStart = { workflowId, runId, answer: 'asked' }
    this.starts.push(start)
    return start
  }

  signalAsked(workflowId: string, id: string): AskedSignal {
    const signal: AskedSignal = { id, workflowId, askedAt: this.#view.step(), answeredAt: Infinity, answer: 'asked' }
    this.signals.push(signal)
    return signal
  }

  endAsked(kind: AskedEnd['kind'], workflowId: string): AskedEnd {
    const end: AskedEnd = { kind, workflowId, answer: 'asked' }
    this.ends.push(end)
    return end
  }

  updateAsked(workflowId: string, id: string, bad: boolean): AskedUpdate {
    const update: AskedUpdate = { id, workflowId, bad, answer: 'asked' }
    this.updates.push(update)
    return update
  }

  attemptBegins(info: ActivityInfo, work: Work, process: VirtualProcess): { completed(): void; beat(beat: number): void } {
    const runId = info.workflowExecution?.runId ?? ''
    const command = Number(info.activityId)
    const key = attemptKey(runId, command, info.attempt)
    const { fail, historyLength, note } = this.#view
    const text = `attempt ${info.attempt} of activity ${command} (${work.id}) of run ${runId}, by ${process.name}`
    note(() => text)
    const before = this.attempts.get(key)
    if (before !== undefined) fail(`I10: ${text} runs again: ${before.process} ran it before`)
    const most = this.maximumAttempts.get(work.id) ?? 0
    if (most > 0 && info.attempt > most) fail(`I10: ${text} is over the maximum of ${most}`)
    const durable = historyLength(runId)
    if (durable === undefined) fail(`I3: ${text} begins before the start of its execution is durable`)
    const beatKey = `${runId} ${command}`
    const { heartbeatDetails } = info
    if (heartbeatDetails !== undefined && !(Number(heartbeatDetails) <= (this.#beats.get(beatKey) ?? 0))) {
      fail(`${text} has heartbeat details ${JSON.stringify(heartbeatDetails)} that nobody sent`)
    }
    const attempt: Attempt = {
      runId, command, attempt: info.attempt, work, process: process.name, historyLength: durable ?? 0, completed: false,
    }
    this.attempts.set(key, attempt)
    return {
      completed: () => { attempt.completed = true },
      beat: (beat) => void this.#beats.set(beatKey, Math.max(beat, this.#beats.get(beatKey) ?? 0)),
    }
  }
}

export function attemptKey(runId: string, command: number, attempt: number): string {
  return `${runId} ${command} ${attempt}`
}

const refusals = new Set([
  'WORKFLOW_ALREADY_STARTED', 'WORKFLOW_NOT_FOUND', 'STORE_UNAVAILABLE', 'STORE_BUSY', 'STORE_REJECTED',
])

/** What an error of a client says about what was asked for; undefined: it should not come here. */
export function answerOf(error: unknown): Answer | undefined {
  if (!(error instanceof PerdureError)) return undefined
  if (error.code === 'STORE_OUTCOME_UNKNOWN') return 'unknown'
  return refusals.has(error.code) ? 'refused' : undefined
}
