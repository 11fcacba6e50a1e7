/**
 * Records histories on a Temporal server, with the official SDK: `node tests/temporal-replay/record.ts --address 127.0.0.1:7233`.
 * With `--parity`, after `npm run parity:record`: those of the scenarios in tests/parity, whose workflows are then to be
 * copied into scenario-workflows/.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity'
import { Client, Connection, type WorkflowHandle } from '@temporalio/client'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { type NativeConnection, NativeConnection as Native, Worker } from '@temporalio/worker'
import type { TemporalEvent, TemporalHistory } from 'perdure/testing'
import { programOf } from '../replay-races/program-choice.ts'
import { signalNames } from '../replay-races/program.ts'
import { choicesOf } from '../replay-races/random.ts'
import { quietRuntime, sharedBundle } from './official-replay.ts'

interface Recorded {
  readonly workflowId: string
  readonly history: TemporalHistory
}

const { values } = parseArgs({
  options: {
    address: { type: 'string', default: '127.0.0.1:7233' }, parity: { type: 'boolean', default: false },
    programs: { type: 'string', default: '60' },
  },
})
const recordedFolder = join(import.meta.dirname, 'recorded')
const namespace = values.parity ? 'parity' : `replay-${Date.now()}`
const taskQueue = 'replay'

quietRuntime()
const connection = await Connection.connect({ address: values.address })
const client = new Client({ connection, namespace })
async function registerNamespace(): Promise<void> {
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 as never } })
    .catch(() => undefined)
  for (;;) {
    try {
      await client.workflow.count()
      return
    } catch {
      await delay(200)
    }
  }
}

const activities = {
  charge: async (order: string, cents: number) => ({ receipt: `${order}: ${cents}` }),
  refund: async () => undefined,
  broken: async (order: string) => { throw ApplicationFailure.nonRetryable(`no such order: ${order}`) },
  slow: async () => {
    const context = Context.current()
    const beat = setInterval(() => context.heartbeat('half done'), 100)
    await context.cancelled.catch(() => { throw new CancelledFailure('stopped', ['half done']) }).finally(() => clearInterval(beat))
  },
  act: async (place: string) => {
    const choice = Buffer.from(place).reduce((sum, byte) => (sum * 31 + byte) % 1_009, 7)
    await delay(choice % 40)
    if (choice % 5 === 0) throw ApplicationFailure.nonRetryable(`activity ${place} failed`)
    return choice % 3
  },
}

/** A worker for a while. */
async function serving(native: NativeConnection, file: string, use: () => Promise<unknown>): Promise<void> {
  const worker = await Worker.create({
    connection: native, namespace, taskQueue, activities, workflowBundle: await sharedBundle(join(import.meta.dirname, file)),
    workflowFailureErrorTypes: { '*': ['Error'] }, shutdownGraceTime: 200, stickyQueueScheduleToStartTimeout: 500,
    maxHeartbeatThrottleInterval: 100, defaultHeartbeatThrottleInterval: 100,
  })
  await worker.runUntil(async () => { await use() })
}

async function recordPlain(native: NativeConnection): Promise<void> {
  const start = (type: string, ...args: unknown[]) => client.workflow.start(type, { workflowId: type, taskQueue, args })
  const started = await Promise.all([
    start('order', 'order-7'), start('failing', 'order-8'), start('cancelled', 'order-9'), start('waiting'),
  ])
  const [order, failing, cancelled, waiting] = started as unknown as [WorkflowHandle, WorkflowHandle, WorkflowHandle, WorkflowHandle]
  await serving(native, 'workflows.ts', async () => {
    await order.signal('approve', 'ada')
    await delay(1_500)
    await cancelled.cancel()
    await Promise.allSettled([order.result(), failing.result(), cancelled.result()])
  })
  // While nobody serves: they come together.
  for (const who of ['ada', 'bob', 'eve']) await waiting.signal('approve', who)
  await serving(native, 'workflows.ts', () => delay(4_000))
  await write('plain', await Promise.all(started.map((handle) => recordedOf(handle.workflowId))))
}

async function recordPrograms(native: NativeConnection, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, number) => number)
  const handles = await Promise.all(ids.map((number) => client.workflow.start('program', {
    workflowId: `program-${number}`, taskQueue, args: [programOf(number, 'alone')],
  })))
  let signals = 0
  const disturb = async (round: number): Promise<void> => {
    await Promise.all(handles.map(async (handle, number) => {
      const random = choicesOf(number * 100 + round)
      for (let index = random.integer(4); index > 0; index--) {
        await handle.signal(random.pick(signalNames), ++signals).catch(() => undefined)
      }
      if (random.chance(0.08)) await handle.cancel().catch(() => undefined)
    }))
  }
  // Events gather while nobody serves, and come one by one while somebody does.
  await disturb(0)
  for (let round = 1; round <= 3; round++) {
    await serving(native, 'program-workflow.ts', async () => {
      await delay(2_000)
      await disturb(round)
      await delay(1_500)
    })
    await disturb(round + 10)
  }
  await serving(native, 'program-workflow.ts', () => delay(5_000))
  await write('programs', await Promise.all(ids.map((number) => recordedOf(`program-${number}`))))
}

async function recordScenarios(): Promise<void> {
  const found: Recorded[] = []
  for await (const { workflowId, runId } of client.workflow.list()) found.push(await recordedOf(workflowId, runId))
  await write('scenarios', found)
}

async function recordedOf(workflowId: string, runId?: string): Promise<Recorded> {
  const history = JSON.parse(historyToJSON(await client.workflow.getHandle(workflowId, runId).fetchHistory())) as TemporalHistory
  return { workflowId, history }
}

/** One a line. What only servers need is left out. */
async function write(name: string, recorded: readonly Recorded[]): Promise<void> {
  const lines = recorded.map(({ workflowId, history }) => JSON.stringify({ workflowId, history: { events: history.events.map(without) } }))
  writeFileSync(join(recordedFolder, `${name}.jsonl`), `${lines.join('\n')}\n`)
  console.log(`${recorded.length} histories in ${name}.jsonl`)
}

function without({ taskId: _task, version: _version, ...event }: TemporalEvent): TemporalEvent {
  return Object.fromEntries(Object.entries(event).map(([member, value]) => [
    member, typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).filter(([name]) => !serverOnly.has(name))) : value,
  ])) as TemporalEvent
}

const serverOnly = new Set(['requestId', 'meteringMetadata', 'workerVersion', 'binaryChecksum', 'prevAutoResetPoints', 'identity'])

if (values.parity) await recordScenarios()
else {
  await registerNamespace()
  const native = await Native.connect({ address: values.address })
  await recordPlain(native)
  await recordPrograms(native, Number(values.programs))
  await native.close()
}
await connection.close()
process.exit(0)
