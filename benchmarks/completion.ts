/** Holds what the database says against what was run: a number that is not exact is an error, not a result. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Counts } from './engine-adapter.ts'

const pollMs = 5
const patienceMs = 60_000

interface Counting {
  countCompleted(): Promise<Counts>
}

/** Waits until so many more workflows are completed than `before`; throws if they do not come, or if it is not exact. */
export async function awaitCompleted(engine: Counting, before: Counts, expected: { workflows: number; steps: number }): Promise<void> {
  const until = performance.now() + patienceMs
  let done = gained(await engine.countCompleted(), before)
  const isEarly = () => done.workflows < expected.workflows || (done.steps ?? expected.steps) < expected.steps
  while (isEarly() && performance.now() < until) {
    await delay(pollMs)
    done = gained(await engine.countCompleted(), before)
  }
  if (done.workflows === expected.workflows && (done.steps === undefined || done.steps === expected.steps)) return
  throw new Error(`the database holds ${done.workflows} completed workflows and ${done.steps ?? 'unknown'} steps more than before the run, `
    + `where ${expected.workflows} and ${expected.steps} are expected`)
}

function gained(after: Counts, before: Counts): Counts {
  const workflows = after.workflows - before.workflows
  return after.steps === undefined || before.steps === undefined ? { workflows } : { workflows, steps: after.steps - before.steps }
}
