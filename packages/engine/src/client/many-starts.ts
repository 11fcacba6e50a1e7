/** Many starts, side by side and a bounded number at once; each has an outcome of its own. */
import { startsAtOnce } from '../limits.ts'
import type { WorkflowFunction } from '../registry.ts'
import { optionsInvalid, shown } from './given-options.ts'
import type { AnyStartOptions } from './start-options.ts'
import type { StartedRun } from './handle.ts'
import type { StartedWorkflowHandle } from './workflow-handle.ts'

/** What became of one start, in the place of its options. */
export type StartManyOutcome<T extends WorkflowFunction = WorkflowFunction> =
  | { readonly status: 'started'; readonly workflowId: string; readonly handle: StartedWorkflowHandle<T> }
  /** An open execution had the id, and the conflict policy is USE_EXISTING. */
  | { readonly status: 'joined'; readonly workflowId: string; readonly handle: StartedWorkflowHandle<T> }
  /** It was not made, and why; the other starts do not depend on it. */
  | { readonly status: 'failed'; readonly workflowId: string | undefined; readonly error: Error }

export interface ManyStartsParts<T extends WorkflowFunction> {
  readonly begin: (options: AnyStartOptions) => Promise<StartedRun>
  /** So many are made before those that were made are sent: what one commit takes. */
  readonly perTurn: number
  readonly handleOf: (run: StartedRun) => StartedWorkflowHandle<T>
}

export async function startAll<T extends WorkflowFunction>(
  given: readonly AnyStartOptions[], parts: ManyStartsParts<T>,
): Promise<StartManyOutcome<T>[]> {
  if (!Array.isArray(given)) {
    throw optionsInvalid(`The starts of startMany() are ${shown(given)}; pass a list, with the options of one start each`)
  }
  const outcomes: Promise<StartManyOutcome<T>>[] = []
  for (const [index, options] of given.entries()) {
    outcomes.push(startOne(options, parts))
    if ((index + 1) % parts.perTurn !== 0) continue
    // What was begun is on its way while the next are made; a bounded number waits for its outcome.
    await outcomes[index - startsAtOnce]
    await new Promise((resolve) => void setImmediate(resolve))
  }
  return Promise.all(outcomes)
}

async function startOne<T extends WorkflowFunction>(
  options: AnyStartOptions, { begin, handleOf }: ManyStartsParts<T>,
): Promise<StartManyOutcome<T>> {
  try {
    const run = await begin(options)
    return { status: run.joined ? 'joined' : 'started', workflowId: run.workflowId, handle: handleOf(run) }
  } catch (error) {
    return { status: 'failed', workflowId: options?.workflowId, error: error instanceof Error ? error : new Error(String(error)) }
  }
}
