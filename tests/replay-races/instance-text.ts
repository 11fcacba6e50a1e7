/** What an execution in memory waits for, asks for and came to, as text that can be compared. */
import { encodeFailure } from '../../packages/engine/src/protocol/failure-codec.ts'
import type { Payload } from '../../packages/engine/src/protocol/payload.ts'
import type { Command } from '../../packages/engine/src/execution/command.ts'
import type { LiveExecution } from '../../packages/engine/src/execution/live-execution.ts'

export const startedAt = 1_000_000

export function waitsOf(live: LiveExecution): string {
  const activities = [...live.pending.activities.values()].map(({ command, activityType, scheduledAt, cancelRequested, input }) => (
    `activity ${command} ${activityType}${input} at ${scheduledAt - startedAt}${cancelRequested ? ', to be cancelled' : ''}`))
  const timers = [...live.pending.timers.values()].map(({ command, fireAt }) => `timer ${command} until ${fireAt - startedAt}`)
  const children = [...live.calls.pendingChildren].map(({ command, runId, cancelRequested, options }) => (
    `child ${command} ${options.workflowId} ${runId ?? 'not started'}${cancelRequested ? ', to be cancelled' : ''}`))
  const requests = [...live.calls.pendingRequests].map(({ command, kind, target }) => `${kind} ${command} to ${target.workflowId}`)
  return [
    `${live.pending.issued} issued`, ...activities, ...timers, ...children, ...requests, `${live.calls.conditions.size} conditions`,
    `${live.handlerRuns.count} handlers`, JSON.stringify(live.calls.handlers.keptSignals()), live.calls.handlers.updateNames().join(' '),
  ].join('; ')
}

export function endOf({ outcome, taskFailure }: LiveExecution): string {
  if (taskFailure !== undefined) return `held: ${taskFailure.message}`
  if (outcome === undefined) return 'open'
  if (outcome.type === 'completed') return `completed ${outcome.result}`
  if (outcome.type === 'continuedAsNew') return `continuedAsNew ${outcome.given.input} ${JSON.stringify(outcome.request)}`
  return `${outcome.type} ${'error' in outcome ? failureText(encodeFailure(outcome.error)) : ''}`
}

/** As it was asked for: what became of it since is not part of it. */
export function commandText(command: Command): string {
  switch (command.type) {
    case 'StartChildWorkflow': {
      const { workflowType, options, input, initiatedAt } = command.child
      return JSON.stringify({ type: command.type, command: command.command, workflowType, options, input, initiatedAt })
    }
    case 'AskExternalWorkflow': {
      const { kind, target: { child, ...to }, signalName, input, initiatedAt } = command.request
      const target = { ...to, child: child?.command }
      return JSON.stringify({ type: command.type, command: command.command, kind, target, signalName, input, initiatedAt })
    }
    case 'CompleteUpdate': {
      const failure = command.failure === null ? null : failureText(command.failure)
      return JSON.stringify({ ...command, failure })
    }
    default: return JSON.stringify(command)
  }
}

/** Stacks tell of the files of this search, which do not matter. */
export function failureText(failure: Payload): string {
  if (failure === '') return ''
  return JSON.stringify(JSON.parse(failure, (key, value: unknown) => (key === 'stackTrace' ? undefined : value)))
}
