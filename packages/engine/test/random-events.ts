/** What may happen to an execution, chosen by numbers. */
import { ApplicationFailure, CancelledFailure } from '@perdure/workflow'
import { encodeFailure } from '../src/protocol/failure-codec.ts'
import type { HistoryEvent } from '../src/protocol/event.ts'
import type { Payload } from '../src/protocol/payload.ts'
import type { WorkflowFunction } from '../src/registry.ts'
import { ExecutionDriver, factsOf, startedAt } from './execution-driver.ts'

/** Picks what happens next in the world around an execution. After its end there are messages alone, until it is closed. */
function nextEvent(
  driver: ExecutionDriver, choice: number, now: number,
): { readonly event: HistoryEvent; readonly at: number } | undefined {
  const { live } = driver
  const hasEnded = live.outcome !== undefined
  const activities = hasEnded ? [] : [...live.pending.activities.values()]
  const timers = hasEnded ? [] : [...live.pending.timers.values()]
  timers.sort((one, other) => one.fireAt - other.fireAt || one.command - other.command)
  const possible: (() => { event: HistoryEvent; at: number })[] = []
  for (const { command, cancelRequested } of activities) {
    const facts = () => factsOf(live, command)
    const at = now + (choice % 3)
    const result = `${command}` as Payload
    possible.push(() => ({ at, event: { ...facts(), type: 'ActivityTaskCompleted', result } }))
    const failure = () => encodeFailure(cancelRequested ? new CancelledFailure('CANCELLED') : ApplicationFailure.nonRetryable('no', 'No'))
    possible.push(() => ({ at, event: cancelRequested
      ? { ...facts(), type: 'ActivityTaskCanceled', failure: failure() }
      : { ...facts(), type: 'ActivityTaskFailed', failure: failure(), retryState: 'NON_RETRYABLE_FAILURE' } }))
  }
  const [timer] = timers
  if (timer !== undefined) {
    const { command, durationMs, startedAt: timerStart, fireAt } = timer
    const fire = () => ({ at: Math.max(now, fireAt), event: { type: 'TimerFired' as const, command, durationMs, startedAt: timerStart } })
    possible.push(fire, fire)
  }
  possible.push(() => ({ at: now, event: { type: 'WorkflowExecutionSignaled', signalName: 'signal', identity: 'i',
    input: '[]' as Payload } }))
  if (!live.cancelRequested && choice % 7 === 0) {
    possible.push(() => ({ at: now, event: { type: 'WorkflowExecutionCancelRequested', reason: '', identity: 'i' } }))
  }
  return possible[choice % possible.length]?.()
}

/** Runs a workflow through events chosen by the numbers; `between` is called whenever it has come to rest. */
export async function runLive(
  fn: WorkflowFunction, choices: readonly number[], between: (driver: ExecutionDriver) => Promise<void> = async () => undefined,
): Promise<{ driver: ExecutionDriver; states: string[]; afterEnd: number }> {
  const driver = new ExecutionDriver(fn, { replaying: false })
  await driver.begin()
  await between(driver)
  const states = [driver.state()]
  let now = startedAt
  let afterEnd = 0
  for (const choice of choices) {
    if (driver.live.taskFailure !== undefined) break
    const next = nextEvent(driver, choice, now)
    if (next === undefined) break
    now = next.at
    if (driver.live.outcome !== undefined) afterEnd++
    await driver.apply(next.event, now)
    await between(driver)
    states.push(driver.state())
  }
  return { driver, states, afterEnd }
}
