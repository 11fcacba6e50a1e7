/** Histories of a database, for replay: exported in Temporal's form, or replayed where they are. */
import { registeredHint } from '@perdure/workflow/host'
import type { ClientParts } from '../client/client-parts.ts'
import { countFilter, type ListFilter } from '../client/execution-list.ts'
import { requireExecution, targetOf } from '../client/lookup.ts'
import { PerdureError } from '../error.ts'
import { listLimitMax, queryMessagesMax } from '../limits.ts'
import type { ListRequest } from '../ports/store.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { readHistory } from '../worker/executions/history-reader.ts'
import type { ReplayOptions } from '../worker/executions/read-only-replay.ts'
import { installUnhandledRejections } from '../worker/turns/unhandled-rejections.ts'
import { exportHistory } from './history-export.ts'
import type { ReplayResult } from './replay-history.ts'
import { replayStored } from './stored-replay.ts'
import type { TemporalHistory } from './temporal-event.ts'

export interface ReplayClient {
  /**
   * The history of an execution in Temporal's form, for files and for `runReplayHistory`. Its workflow must be registered: what
   * the code asked for is not stored, so the code is replayed.
   * @throws WorkflowNotFoundError, NondeterminismError, PerdureError WORKFLOW_NOT_REGISTERED
   * @example await writeFile('order-7.json', JSON.stringify(await engine.workflows.fetchHistory('order-7')))
   */
  fetchHistory(workflowId: string, runId?: string): Promise<TemporalHistory>
  /**
   * Replays the open executions of the namespace against the workflows registered here, also while workers run them. Nothing is
   * written and no activity runs.
   * @param filter default: all
   * @throws PerdureError OPTIONS_INVALID
   * @example for await (const { workflowId, error } of engine.workflows.replayOpen()) if (error) console.error(workflowId, error)
   */
  replayOpen(filter?: OpenFilter): AsyncGenerator<OpenReplayResult, void>
}

export type OpenFilter = Omit<ListFilter, 'status'>

export interface OpenReplayResult extends ReplayResult {
  /** Of its history. */
  readonly events: number
}

export function createReplayClient(parts: ClientParts): ReplayClient {
  const { store, namespace } = parts
  return {
    fetchHistory: async (workflowId, runId) => {
      return historyForFiles(parts, await requireExecution(store, namespace, targetOf(workflowId, runId)))
    },
    replayOpen: async function* (filter = {}): AsyncGenerator<OpenReplayResult, void> {
      installUnhandledRejections()
      for await (const record of openExecutions(parts, filter)) {
        const { workflowId, runId, workflowType } = record
        // Before the events: their commands are those of events that are there already.
        const tasks = await store.readTasks(runId)
        const events = await readHistory(store, runId)
        const unread = record.held === null ? [] : await store.readMessages(runId, queryMessagesMax)
        const known = { workflowId, runId, workflowType, events: events.length }
        try {
          await replayStored(optionsOf(parts, record), events, tasks, unread)
          yield known
        } catch (error) {
          yield { ...known, error: error instanceof Error ? error : new Error(String(error)) }
        }
      }
    },
  }
}

/**
 * The history of a run in Temporal's form.
 * @throws NondeterminismError, PerdureError WORKFLOW_NOT_REGISTERED
 */
export async function historyForFiles(parts: ClientParts, record: ExecutionRecord): Promise<TemporalHistory> {
  installUnhandledRejections()
  return exportHistory(optionsOf(parts, record), await readHistory(parts.store, record.runId))
}

function optionsOf(parts: ClientParts, record: ExecutionRecord): ReplayOptions {
  const { clock, values, workflowCode } = parts
  return { record, fn: functionOf(parts, record), wallClock: () => clock.now(), ...workflowCode, values }
}

/** Those that are open when their page is read, the newest start first. */
async function* openExecutions({ store, namespace }: ClientParts, filter: OpenFilter): AsyncGenerator<ExecutionRecord, void> {
  const request = { ...countFilter(filter, namespace, 'replayOpen()'), statuses: ['RUNNING'] as const, limit: listLimitMax }
  for (let after: ListRequest['after'] = null; ;) {
    const page: readonly ExecutionRecord[] = await store.listExecutions({ ...request, after })
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < listLimitMax) return
    after = { startedAt: last.startedAt, runId: last.runId }
  }
}

function functionOf({ registry }: ClientParts, { workflowType }: ExecutionRecord) {
  const fn = registry.workflow(workflowType)
  if (fn !== undefined) return fn
  throw new PerdureError(
    'WORKFLOW_NOT_REGISTERED',
    `No workflow '${workflowType}' is registered in this process, so its history cannot be replayed` +
      `${registeredHint(workflowType, registry.workflowTypes())} Register it, or give the file that exports it`,
  )
}
