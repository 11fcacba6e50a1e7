/**
 * What every later version must do with a database of an earlier one: open it, read every history as it was, replay each
 * without a mismatch, and run every open execution to its end.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createSystemClock, installDeterministicGlobals, type Store } from '@perdure/engine'
import { Engine, WorkflowFailedError } from 'perdure'
import type { RunId } from '../../packages/engine/src/protocol/ids.ts'
import type { WorkflowFunction } from '../../packages/engine/src/registry.ts'
import { NondeterminismError } from '../../packages/engine/src/execution/nondeterminism-error.ts'
import { replayStored } from '../../packages/engine/src/replay/stored-replay.ts'
import { replayReadOnly } from '../../packages/engine/src/worker/executions/read-only-replay.ts'
import type * as Activities from './0.1/activities.ts'
import type * as Executions from './0.1/executions.ts'
import { executionsIn, migrationsOf, silent, type Recording, versions } from './recording.ts'

export interface Restored {
  /** Another store on the same data. */
  readonly open: () => Store
  dispose(): Promise<void>
}

/** What hangs is told by its name. */
const endsWithin = '60 seconds'

/** One for each recorded version. */
export function upgradeSuite(home: 'sqlite' | 'postgres', restore: (folder: string) => Promise<Restored>): void {
  for (const version of versions) describe(`a database of version ${version} on ${home}`, () => upgrade(home, version, restore))
}

function upgrade(home: 'sqlite' | 'postgres', version: string, restore: (folder: string) => Promise<Restored>): void {
  const folder = join(import.meta.dirname, version)
  const recording = JSON.parse(readFileSync(join(folder, `${home}.json`), 'utf8')) as Recording
  let workflows: Record<string, WorkflowFunction> = {}
  let executions: typeof Executions
  let activities: typeof Activities
  let database: Restored
  before(async () => {
    installDeterministicGlobals()
    executions = await import(join(folder, 'executions.ts')) as typeof Executions
    activities = await import(join(folder, 'activities.ts')) as typeof Activities
    const exported = await import(join(folder, 'workflows.ts')) as Record<string, unknown>
    workflows = Object.fromEntries(Object.entries(exported).filter(([, fn]) => typeof fn === 'function')) as typeof workflows
    database = await restore(folder)
  })
  after(() => database.dispose())

  test('was made with migrations that have not changed since', () => {
    const now = migrationsOf(home)
    const changed = Object.entries(recording.migrations).filter(([name, sum]) => now[name] !== sum).map(([name]) => name)
    assert.deepEqual(changed, [], isReleased(version)
      ? `version ${version} is released: leave its migrations as they are and add one`
      : `version ${version} is not released: record it again, with node tests/histories/record.ts ${version}`)
  })

  test('opens, and every execution and history reads as it was recorded', async () => {
    const found = await executionsIn(database.open, executions)
    assert.deepEqual(found.map(({ record }) => record.runId), recording.executions.map(({ record }) => record.runId))
    for (const [index, recorded] of recording.executions.entries()) assert.deepEqual(asRecorded(found[index], recorded), recorded)
  })

  test('replays every history without a mismatch, to the end that was recorded', async () => {
    const replayed = await Promise.all(executions.namespaces.map(async (namespace) => {
      const code = executions.codeOf(namespace)
      const { engine, store, values } = await Engine.openOn(
        { store: database.open(), namespace, worker: false, logger: silent, ...code }, createSystemClock(),
      )
      const { executions: listed } = await engine.workflows.list({ limit: 1_000 })
      for (const { workflowId, runId: id } of listed) {
        const runId = id as RunId
        const record = await store.getExecution(namespace, workflowId, runId)
        const fn = workflows[record?.workflowType ?? '']
        assert.ok(record !== undefined && fn !== undefined, workflowId)
        const options = { record, fn, wallClock: () => record.startedAt, values, interceptors: code.interceptors?.workflow }
        const events = await store.readHistory(runId, 0, 10_000)
        await replayStored(options, events, await store.readTasks(runId), [])
        if (record.status !== 'RUNNING' || record.firstTaskAt === null || (record.wakeAt ?? Infinity) <= recording.recordedAt) continue
        const { outcome } = await replayReadOnly(options, events)
        assert.deepEqual([workflowId, outcome], [workflowId, undefined])
      }
      await engine.stop()
      return listed.length
    }))
    assert.equal(replayed.reduce((sum, count) => sum + count), recording.executions.length)
  })

  test('tells when code does not fit a history', async () => {
    for (const [type, fn] of Object.entries(executions.changedLater)) {
      const [met] = recording.executions.filter(({ record }) => record.workflowType === type)
      assert.ok(met !== undefined)
      const { record, events } = met
      await assert.rejects(replayReadOnly({ record, fn, wallClock: () => record.startedAt }, events), NondeterminismError)
    }
  })

  test('runs every open execution to its end', async () => {
    const engines = await Promise.all(executions.namespaces.map(async (namespace) => {
      const engine = await Engine.open({
        store: database.open(), namespace, logger: silent, worker: { tickMs: 50, taskQueues: executions.taskQueues },
        ...executions.codeOf(namespace),
      })
      for (const [name, fn] of Object.entries(workflows)) engine.workflows.register(name, fn)
      engine.activities.register({ ...activities.activitiesIn('upgraded') })
      await engine.start()
      return [namespace, engine] as const
    }))
    try {
      const left = recording.executions.filter(({ record }) => record.status === 'RUNNING').map(({ record }) => nameOf(record))
      const open = executions.open.filter(({ only = home }) => only === home)
      assert.deepEqual(open.map(nameOf).sort(), left.sort(), 'each has its end in executions.ts')
      const ends = await Promise.all(open.map((each) => endOf(new Map(engines).get(each.namespace ?? 'default'), each)))
      assert.deepEqual(ends, open.map((each) => [nameOf(each), each.status ?? 'COMPLETED', each.result]))
    } finally {
      await Promise.all(engines.map(([, engine]) => engine.stop()))
    }
  })
}

async function endOf(engine: Engine | undefined, open: Executions.OpenExecution): Promise<readonly [string, string, unknown]> {
  assert.ok(engine !== undefined)
  const { workflowId, signals = [], completes } = open
  const handle = engine.workflows.getHandle(workflowId)
  for (const [name, ...args] of signals) await handle.signal(name, ...args)
  if (completes !== undefined) await engine.activities.complete({ workflowId, activityId: completes[0] }, completes[1])
  try {
    const result = await handle.result({ timeout: endsWithin })
    return [nameOf(open), (await handle.describe()).status, result]
  } catch (error) {
    return [nameOf(open), (await handle.describe()).status, error instanceof WorkflowFailedError ? undefined : error]
  }
}

function nameOf({ namespace = 'default', workflowId }: { readonly namespace?: string; readonly workflowId: string }): string {
  return `${namespace} ${workflowId}`
}

/** Later versions may know more of an execution than was recorded. */
function asRecorded(found: unknown, recorded: unknown): unknown {
  if (Array.isArray(found) && Array.isArray(recorded)) return found.map((each, index) => asRecorded(each, recorded[index]))
  if (!isObject(found) || !isObject(recorded)) return found
  return Object.fromEntries(Object.keys(recorded).map((key) => [key, asRecorded(found[key], recorded[key])]))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isReleased(version: string): boolean {
  const changelog = readFileSync(join(import.meta.dirname, '../../CHANGELOG.md'), 'utf8')
  return !new RegExp(`^## ${version.replaceAll('.', '\\.')}\\.0 \\(unreleased\\)`, 'm').test(changelog)
}

