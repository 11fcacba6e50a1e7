/** The time of somebody who waited for a result is over: what is told depends on how the execution stands. */
import { timeoutLookMs } from '../limits.ts'
import type { ClosedExecution } from '../ports/store.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import type { RunId } from '../protocol/ids.ts'
import type { ClientParts } from './client-parts.ts'
import { ResultTimeoutError } from './errors.ts'
import { whichChildIsHeld } from './held-child.ts'
import type { QueryAsker } from './query-asker.ts'
import { readableSentence } from './readable-payload.ts'
import { isServed, nobodyServes, whyNobodyRuns } from './serving-workers.ts'

interface AwaitedRun {
  readonly workflowId: string
  readonly runId: RunId
}

/** Its end, if it came just now; else a ResultTimeoutError that says why it is not done. */
export async function lookAfterTimeout(
  parts: ClientParts, asker: QueryAsker, run: AwaitedRun, timeoutMs: number,
): Promise<ClosedExecution | Error> {
  const { workflowId, runId } = run
  const { promise: late, resolve } = Promise.withResolvers<string>()
  const stop = parts.clock.timer(timeoutLookMs, () => resolve(goesOn))
  const found = await Promise.race([lookAt(parts, asker, run), late])
  stop()
  if (typeof found === 'object') return found
  const message = `Workflow '${workflowId}' (run ${runId}) did not finish within ${timeoutMs} ms; ${found}`
  return new ResultTimeoutError(message, workflowId, runId)
}

const goesOn = 'it goes on: wait again with getResult(), or look at it with describe()'

/** A database that is away must not hide that the time is over. */
async function lookAt(parts: ClientParts, asker: QueryAsker, { runId }: AwaitedRun): Promise<ClosedExecution | string> {
  try {
    const found = await parts.store.getExecution(parts.namespace, null, runId)
    if (found === undefined) return goesOn
    if (found.status !== 'RUNNING') return { runId, status: found.status, result: found.result, failure: found.failure }
    return await whyItWaits(parts, asker, found)
  } catch {
    return goesOn
  }
}

async function whyItWaits(parts: ClientParts, asker: QueryAsker, execution: ExecutionRecord): Promise<string> {
  const { held } = execution
  if (held !== null) {
    const [first = ''] = readableSentence(held.reason).split('\n')
    return `it is held (${held.code}) and makes no progress: ${first.replace(/[.;:]$/, '')}; describe() has the whole reason`
  }
  const again = 'its result can be awaited again with getResult()'
  if (!await isServed(parts, execution)) return `${nobodyServes(parts, execution)}; ${again}`
  const problem = await whyNobodyRuns(parts, execution, await parts.store.readTasks(execution.runId))
    ?? await whichChildIsHeld(parts, execution.firstTaskAt === null ? [] : (await asker.waits(execution))?.children)
  return problem === undefined ? goesOn : `${problem}; ${again}`
}
