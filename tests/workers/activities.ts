/** Activities that say in the log which attempt ran when and where. */
import { setTimeout as pause } from 'node:timers/promises'
import { activityInfo, cancellationSignal, CompleteAsyncError, heartbeat, isCancellation } from 'perdure/activity'
import { PerdureError } from 'perdure'
import { AttemptLog, type LogLine } from './attempt-log.ts'

export interface HoldManner {
  /** What it does when it is asked to stop. */
  readonly whenCancelled: 'throws' | 'cleans up' | 'goes on'
  /** Sends `{ beat }`, counted from 1, so often; without it, never. */
  readonly beatMs?: number
  /** Sends no more than so many. */
  readonly beatsMax?: number
  /** From this attempt on it returns at once. */
  readonly shortFrom?: number
}

export interface BeatError {
  readonly code: string
  readonly message: string
}

export type BadDetails = keyof typeof badDetails

export interface WorkerActivities {
  /** Takes so long, and returns what no other execution of it returns. */
  step(key: string, ms: number): Promise<string>
  /** Takes so long, and says whether the gate of its workflow is open: with that it is the last. */
  leg(key: string, gate: string, ms: number): Promise<boolean>
  /** Waits until the test opens the gate of its key. */
  hold(key: string, manner: HoldManner): Promise<string>
  fail(key: string): Promise<void>
  /** Notes its token, and leaves the attempt to whoever has it. */
  leave(key: string): Promise<string>
  /** Sends good details, then bad ones. Its first attempt fails, so that the next one tells what it was given. */
  beatBadly(key: string, bad: BadDetails, manner: 'catches' | 'throws'): Promise<{ readonly refused: BeatError; readonly given: unknown }>
}

const badDetails = {
  'too large': () => 'x'.repeat(3 * 2 ** 20),
  'a Map': () => ({ pages: new Map([['first', 1]]) }),
  'a circle': () => {
    const circle: { self?: unknown } = {}
    circle.self = circle
    return circle
  },
}

const gatePollMs = 5

export function createActivities(folder: string): WorkerActivities {
  const log = new AttemptLog(folder)
  const tell = (event: LogLine['event'], key: string, value?: unknown): void => {
    const { attempt, workflowExecution, currentAttemptScheduledTimestampMs: dueAt } = activityInfo()
    log.write({ event, key, ...workflowExecution, attempt, pid: process.pid, at: Date.now(), dueAt, value })
  }
  return {
    step: async (key, ms) => {
      tell('begin', key, activityInfo().heartbeatDetails)
      const token = crypto.randomUUID()
      await pause(ms)
      tell('end', key, token)
      return token
    },
    leg: async (key, gate, ms) => {
      tell('begin', key)
      await pause(ms)
      const isLast = log.gateIsOpen(gate)
      tell('end', key)
      return isLast
    },
    hold: async (key, manner) => {
      tell('begin', key, activityInfo().heartbeatDetails)
      try {
        if (activityInfo().attempt < (manner.shortFrom ?? Infinity)) await held(log, key, manner, () => tell('cancelled', key))
      } catch (error) {
        if (!isCancellation(error) || manner.whenCancelled === 'throws') throw error
        tell('end', key, 'cleaned up')
        return 'cleaned up'
      }
      tell('end', key, 'done')
      return 'done'
    },
    fail: async (key) => {
      tell('begin', key)
      throw new Error('it always fails')
    },
    leave: async (key) => {
      tell('begin', key)
      tell('note', key, activityInfo().base64TaskToken)
      throw new CompleteAsyncError()
    },
    beatBadly: async (key, bad, manner) => {
      const { attempt, heartbeatDetails } = activityInfo()
      tell('begin', key, heartbeatDetails)
      heartbeat({ good: attempt })
      const details = badDetails[bad]()
      if (manner === 'throws') heartbeat(details)
      const refused = refusalOf(details)
      if (attempt === 1) throw new Error('the first attempt fails')
      return { refused, given: heartbeatDetails }
    },
  }
}

/** Comes back when the gate is open; throws when it is asked to stop, unless it goes on. */
async function held(log: AttemptLog, key: string, manner: HoldManner, told: () => void): Promise<void> {
  const { whenCancelled, beatMs, beatsMax = Infinity } = manner
  const signal = cancellationSignal()
  const startedAt = Date.now()
  let isTold = false
  for (let beats = 0; !log.gateIsOpen(key);) {
    if (beatMs !== undefined && beats < beatsMax && Date.now() >= startedAt + beats * beatMs) heartbeat({ beat: ++beats })
    if (signal.aborted && !isTold) {
      isTold = true
      told()
      if (whenCancelled !== 'goes on') throw signal.reason
    }
    await pause(gatePollMs)
  }
}

function refusalOf(details: unknown): BeatError {
  try {
    heartbeat(details)
  } catch (error) {
    if (!(error instanceof PerdureError)) throw error
    return { code: error.code, message: error.message }
  }
  return { code: 'none', message: 'the details were taken' }
}
