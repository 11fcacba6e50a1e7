import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Serving, StartRecord, Transition } from '@perdure/engine'
import { asRunId } from '@perdure/engine'
import type { Payload } from '@perdure/engine'
import { createSqliteStore, type SqliteStore } from '@perdure/sqlite'

/** A folder of the test's own, gone after it. */
export function temporaryFolder(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-sqlite-'))
  test.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An open store, closed after the test. */
export async function openStore(test: TestContext, file: string): Promise<SqliteStore> {
  const store = createSqliteStore({ file })
  await store.open()
  test.after(() => store.close())
  return store
}

export async function registered(store: SqliteStore): Promise<Serving> {
  const { incarnation } = await store.registerWorker({
    namespace: 'default', identity: 'test', buildId: 'build-1', taskQueues: ['orders'], workflowTypes: ['order'],
    activityTypes: ['charge'], leaseMs: 5_000,
  })
  return {
    incarnation, namespace: 'default', taskQueues: ['orders'], workflowTypes: ['order'], activityTypes: ['charge'], buildId: 'build-1',
  }
}

export function startOf(workflowId: string, owned = false): StartRecord {
  return {
    namespace: 'default', workflowId, runId: asRunId(crypto.randomUUID()), workflowType: 'order', taskQueue: 'orders', priority: 3,
    input: '[]' as Payload, memo: null, searchAttributes: null, startedAt: 1_000, wakeAt: 1_000, reusePolicy: 'ALLOW_DUPLICATE',
    conflictPolicy: 'FAIL', owned,
  }
}

export function appending(start: StartRecord, seq: number): Transition {
  return {
    runId: start.runId, events: [{ seq, type: 'TimerFired', at: seq, data: '{}' }],
    consumed: [], tasks: [], cancelTasks: [], close: null, release: null, resetTakeovers: false,
  }
}
