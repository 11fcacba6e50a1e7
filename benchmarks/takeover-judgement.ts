/** What the steps that ran tell of a takeover. */
import type { StepRun } from './step-log.ts'

export interface Judgement {
  /**
   * Seconds from the kill to the first step that another worker ran of a workflow of the dead one; null: none ran. It may be
   * at once: of a workflow that was on its way to the other worker already.
   */
  readonly takeover: number | null
  /** To the first such step of the last of these workflows, which the bar is on; null: of one of them none ran. */
  readonly takeoverAll: number | null
  readonly twice: number
  /** Of those, steps that were not in flight at the kill: the dead worker had gone on from them, or the living one ran them twice. */
  readonly unexpected: number
}

/** A workflow whose last step the dead worker ran has no new step left, and is not waited for. */
export function judgeTakeover(runs: readonly StepRun[], killed: { readonly pid: number; readonly at: number }): Judgement {
  const last = lastRuns(runs.filter((run) => run.at <= killed.at))
  const lastStep = Math.max(...runs.map((run) => run.step))
  const orphans = [...last.values()].filter((run) => run.pid === killed.pid && run.step < lastStep)
  const taken = orphans.map(({ wf }) => {
    const next = runs.find((run) => run.wf === wf && run.pid !== killed.pid && run.at > killed.at)
    return next === undefined ? null : (next.at - killed.at) / 1_000
  })
  const times = taken.filter((time) => time !== null)
  const twice = repeated(runs)
  return {
    takeover: times.length === 0 ? null : Math.min(...times),
    takeoverAll: times.length === 0 || times.length < taken.length ? null : Math.max(...times),
    twice: twice.length,
    unexpected: twice.length - excused(twice, last, killed.pid),
  }
}

function lastRuns(runs: readonly StepRun[]): Map<string, StepRun> {
  const last = new Map<string, StepRun>()
  for (const run of runs) last.set(run.wf, run)
  return last
}

/** Every run after the first of the same step. */
function repeated(runs: readonly StepRun[]): StepRun[] {
  const seen = new Set<string>()
  return runs.filter((run) => {
    const key = `${run.wf} ${run.step}`
    if (!seen.has(key)) return void seen.add(key)
    return true
  })
}

/** One more run of a step that ran last on the worker that was killed: nobody can know whether its end was made durable. */
function excused(twice: readonly StepRun[], last: ReadonlyMap<string, StepRun>, killedPid: number): number {
  const inFlight = twice.filter((run) => {
    const before = last.get(run.wf)
    return before !== undefined && before.pid === killedPid && before.step === run.step && run.pid !== killedPid
  })
  return new Set(inFlight.map((run) => run.wf)).size
}
