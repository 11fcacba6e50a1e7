/** Results that only this process knows, of an execution that is about to leave it without having run them. */
import { busyRetryMsMax } from '../../limits.ts'
import { StoreRejectedError } from '../../ports/store-error.ts'
import { encodeEvent } from '../../protocol/event-codec.ts'
import { isActivityEnd } from '../../protocol/event.ts'
import { afterCommit } from '../commits/open-unit.ts'
import type { Input, OwnedExecution } from '../commits/owned-execution.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { executionFields } from '../log/log-line.ts'

/**
 * Posts them to the execution's own inbox, again and again until they are there: whoever runs it next applies them. An
 * end that is posted twice is applied once, since the activity waits for one end only.
 * @param leave called in the turn in which none was left: one that comes a moment later finds the execution leaving
 */
export async function keepEnds(context: WorkerContext, owned: OwnedExecution, leave: () => void): Promise<void> {
  const { clock, over } = context
  while (owned.phase === 'loading' && !over()) {
    const input = firstEnd(owned)
    if (input !== undefined && await isKept(context, owned, input)) owned.inputs = owned.inputs.filter((other) => other !== input)
    else if (input !== undefined) await new Promise<void>((resolve) => void clock.timer(busyRetryMsMax, resolve))
    else if (waitsForCommit(owned)) await new Promise<void>((resolve) => afterCommit(owned, resolve, resolve))
    else break
  }
  if (owned.phase === 'loading') leave()
}

/** An attempt has ended, and a commit that is under way decides what that means: its end is no input yet. */
function waitsForCommit({ running, unit, sent }: OwnedExecution): boolean {
  return (unit ?? sent) !== undefined && [...running.values()].some((run) => run.ended && run.row !== 'written')
}

function firstEnd(owned: OwnedExecution): Input | undefined {
  return owned.inputs.find((input) => input.inboxId === undefined && isActivityEnd(input.event))
}

/** False: not yet; the execution cannot leave before. */
async function isKept({ store, logger }: WorkerContext, owned: OwnedExecution, { event }: Input): Promise<boolean> {
  const { namespace, workflowId } = owned.record
  try {
    const [outcome] = await store.post([{ namespace, workflowId, runId: owned.runId, type: event.type, data: encodeEvent(event) }])
    return outcome?.type !== 'busy'
  } catch (error) {
    if (!(error instanceof StoreRejectedError)) return false
    logger.error(`An activity result cannot be stored: ${error.message}`, executionFields(owned.record))
    owned.spent = true
    return true
  }
}
