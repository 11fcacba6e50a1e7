/** Many starts, side by side and a bounded number at once; each has an outcome of its own. */
import { startsAtOnce } from '../limits.ts'
import type { WorkflowFunction } from '../registry.ts'
import { optionsInvalid, shown } from './given-options.ts'
import type { AnyStartOptions } from './start-options.ts'
import type { StartedWorkflowHandle } from './workflow-handle.ts'

/** What became of one start, in the place of its options. */
export type StartManyOutcome<T extends WorkflowFunction = WorkflowFunction> =
  | { readonly status: 'started'; readonly workflowId: string; readonly handle: StartedWorkflowHandle<T> }
  /** An open execution had the id, and the conflict policy is USE_EXISTING. */
  | { readonly status: 'joined'; readonly workflowId: string; readonly handle: StartedWorkflowHandle<T> }
  /** It was not made, and why; the other starts do not depend on it. */
  | { readonly status: 'failed'; readonly workflowId: string | undefined; readonly error: Error }

export async function startAll<T extends WorkflowFunction>(
  given: readonly AnyStartOptions[], start: (options: AnyStartOptions) => Promise<StartedWorkflowHandle<T>>,
): Promise<StartManyOutcome<T>[]> {
  if (!Array.isArray(given)) {
    throw optionsInvalid(`The starts of startMany() are ${shown(given)}; pass a list, with the options of one start each`)
  }
  const outcomes: StartManyOutcome<T>[] = []
  for (let first = 0; first < given.length; first += startsAtOnce) {
    const some = given.slice(first, first + startsAtOnce)
    outcomes.push(...await Promise.all(some.map((options) => startOne(options, start))))
  }
  return outcomes
}

async function startOne<T extends WorkflowFunction>(
  options: AnyStartOptions, start: (options: AnyStartOptions) => Promise<StartedWorkflowHandle<T>>,
): Promise<StartManyOutcome<T>> {
  try {
    const handle = await start(options)
    return { status: handle.started ? 'started' : 'joined', workflowId: handle.workflowId, handle }
  } catch (error) {
    return { status: 'failed', workflowId: options?.workflowId, error: error instanceof Error ? error : new Error(String(error)) }
  }
}
