/** Keeps so many workflows open until all are done, or until the time is over. */
import type { Workflow } from './engine-adapter.ts'

export interface Load {
  readonly workflows: number
  readonly inFlight: number
  /** After so many seconds none begins any more. */
  readonly secondsMax: number
  readonly next: () => Workflow
  readonly execute: (workflow: Workflow) => Promise<void>
}

export interface Took {
  readonly seconds: number
  readonly workflows: number
}

export async function runLoad({ workflows, inFlight, secondsMax, next, execute }: Load): Promise<Took> {
  let left = workflows
  let ended = 0
  const from = performance.now()
  const until = from + secondsMax * 1_000
  const lane = async () => {
    while (left > 0 && performance.now() < until) {
      left--
      await execute(next())
      ended++
    }
  }
  await Promise.all(Array.from({ length: Math.min(inFlight, workflows) }, lane))
  return { seconds: (performance.now() - from) / 1_000, workflows: ended }
}
