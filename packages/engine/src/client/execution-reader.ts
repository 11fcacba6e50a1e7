/** What a client tells of executions: descriptions, histories, lists. It only reads. */
import { historyPageMax } from '../limits.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import type { EventRecord } from '../protocol/transition.ts'
import type { ClientParts } from './client-parts.ts'
import { descriptionOf, summaryOf, type ExecutionDescription } from './description.ts'
import { cursorAfter, listRequest, type ListOptions } from './execution-list.ts'
import { whichChildIsHeld } from './held-child.ts'
import { historyView, type HistoryEventView } from './history-view.ts'
import type { QueryAsker } from './query-asker.ts'
import { whyNobodyRuns } from './serving-workers.ts'
import type { ExecutionPage } from './workflow-client.ts'

export async function describeExecution(parts: ClientParts, asker: QueryAsker, execution: ExecutionRecord): Promise<ExecutionDescription> {
  const { values } = parts
  if (execution.status !== 'RUNNING') return descriptionOf(execution, [], undefined, undefined, values)
  const hasRun = execution.held === null && execution.firstTaskAt !== null
  const waits = hasRun ? await asker.waits(execution) : undefined
  // Afterwards: an attempt without a row may get one meanwhile, and only its row tells then that it runs.
  const tasks = await parts.store.readTasks(execution.runId)
  const problem = await whyNobodyRuns(parts, execution, tasks)
  return descriptionOf(execution, tasks, waits, problem ?? await whichChildIsHeld(parts, waits?.children), values)
}

export async function historyOf({ store }: ClientParts, execution: ExecutionRecord): Promise<HistoryEventView[]> {
  const events: EventRecord[] = []
  for (;;) {
    const page = await store.readHistory(execution.runId, events.at(-1)?.seq ?? 0, historyPageMax)
    events.push(...page)
    if (page.length < historyPageMax) break
  }
  return historyView(execution, events, execution.status === 'RUNNING' ? await store.readTasks(execution.runId) : [])
}

export async function listExecutions({ store, namespace }: ClientParts, options: ListOptions): Promise<ExecutionPage> {
  const { pageLimit, ...request } = listRequest(options, namespace)
  const found = await store.listExecutions(request)
  const page = found.slice(0, pageLimit)
  const last = page.at(-1)
  const more = found.length > pageLimit && last !== undefined ? { nextCursor: cursorAfter(last) } : {}
  return { executions: page.map(summaryOf), ...more }
}
