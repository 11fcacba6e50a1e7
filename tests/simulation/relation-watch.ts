/** What a close means to a parent and to children, looked at right after it; and what is counted of that. */
import type { RunId } from '@perdure/engine'
import { decodeMessage } from '../../packages/engine/src/protocol/event-codec.ts'
import { isChildEvent, isExternalEnd, type HistoryEvent } from '../../packages/engine/src/protocol/event.ts'
import { decodeStartDetails } from '../../packages/engine/src/protocol/start-details.ts'
import type { ExecutionRow, MemoryData } from '../../packages/testing/src/memory-store/memory-data.ts'
import { nextOf } from './relations.ts'
import type { Happening, Tally } from './tally.ts'

export interface RelationParts {
  readonly data: MemoryData
  readonly tally: Tally
  readonly fail: (message: string) => void
}

export class RelationWatch {
  readonly completedUpdates = new Set<string>()
  readonly #parts: RelationParts
  readonly #seen = new Set<string>()

  constructor(parts: RelationParts) {
    this.#parts = parts
  }

  /** A row that was open, or not there, before this call of the store. */
  closed(row: ExecutionRow, name: string): void {
    const { data, fail, tally } = this.#parts
    const { runId, parent, status } = row
    const next = nextOf(data, row)
    if (next !== undefined && !data.executions.has(next)) fail(`Run ${runId} goes on in ${next}, which is not there (${name})`)
    if (next !== undefined) {
      const { restartReason } = decodeStartDetails(data.executions.get(next)?.details ?? null)
      tally.note(restartReason === 'RETRY' ? 'run retried' : 'went on as new')
    }
    if (status === 'TIMED_OUT') tally.note('run timed out')
    const up = parent === null ? undefined : data.executions.get(parent.runId)
    if (parent !== null && up?.status === 'RUNNING') {
      const told = data.inboxOf(parent.runId).filter(({ type, data: text }) => {
        const event = decodeMessage(type, text)
        return event.type === 'ChildWorkflowExecutionClosed' && event.runId === runId
      }).length
      const isRight = told === (next === undefined ? 1 : 0)
      if (!isRight) fail(`The parent of run ${runId} was told ${told} times of its close as ${status} (${name})`)
    }
    for (const child of data.executions.values()) if (child.parent?.runId === runId) this.#orphaned(child, row, name)
  }

  #orphaned(child: ExecutionRow, parent: ExecutionRow, name: string): void {
    const { data, fail, tally } = this.#parts
    const text = `child ${child.workflowId} (run ${child.runId}) of run ${parent.runId}, which closed as ${parent.status} (${name})`
    const policy = child.parent?.closePolicy
    if (child.status !== 'RUNNING') {
      if (policy === 'TERMINATE' && child.status === 'TERMINATED' && child.closedAt === parent.closedAt) tally.note('ended by its parent')
      return
    }
    const has = (type: string): boolean => [...data.inboxOf(child.runId), ...data.eventsOf(child.runId)].some((one) => one.type === type)
    if (policy === 'TERMINATE' && !has('WorkflowExecutionTerminateRequested')) fail(`The close left open: ${text}`)
    if (policy === 'REQUEST_CANCEL') {
      if (!has('WorkflowExecutionCancelRequested')) fail(`The close did not cancel: ${text}`)
      tally.note('cancelled by its parent')
    }
  }

  /** An open row: its parent, if it is closed, has nothing to say any more. */
  open(row: ExecutionRow, name: string): void {
    const { data, fail } = this.#parts
    if (row.parent?.closePolicy !== 'TERMINATE') return
    const parent = data.executions.get(row.parent.runId)
    if (parent?.status === 'RUNNING') return
    if (data.inboxOf(row.runId).some(({ type }) => type === 'WorkflowExecutionTerminateRequested')) return
    fail(`Child ${row.workflowId} (run ${row.runId}) outlived its parent, run ${row.parent.runId} (${name})`)
  }

  event(runId: RunId, event: HistoryEvent): void {
    const once = (what: string): void => {
      const key = `${runId} ${what}`
      if (this.#seen.has(key)) this.#parts.fail(`I6: ${what} stands twice in the history of run ${runId}`)
      this.#seen.add(key)
    }
    const { tally } = this.#parts
    if (isChildEvent(event)) {
      once(`${event.type} of command ${event.command}`)
      tally.note(childNews[event.type])
    } else if (isExternalEnd(event)) {
      once(`the answer of command ${event.command}`)
      if (event.type === 'ExternalWorkflowExecutionSignaled') tally.note('other signalled')
      else if (event.type === 'SignalExternalWorkflowExecutionFailed') tally.note('other not found')
    } else if (event.type === 'WorkflowExecutionUpdateAccepted') once(`the acceptance of update ${event.updateId}`)
    else if (event.type === 'WorkflowExecutionUpdateCompleted') {
      once(`the end of update ${event.updateId}`)
      this.completedUpdates.add(event.updateId)
    } else if (event.type === 'PatchMarked') {
      once(`patch ${event.patchId}`)
      tally.note('patched')
    }
  }
}

const childNews = {
  ChildWorkflowExecutionStarted: 'child started', StartChildWorkflowExecutionFailed: 'child refused',
  ChildWorkflowExecutionClosed: 'child told',
} as const satisfies Record<string, Happening>
