/** Temporal: a full server on PostgreSQL, the official SDK, ordinary activities; ten pollers of each kind. */
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import type { EngineAdapter, StartingClient, Target, Workflow } from '../engine-adapter.ts'
import { performStep } from '../step.ts'

const namespace = 'default'
const taskQueue = 'benchmark'
const retentionSeconds = 86_400
const readySecondsMax = 60
const resultMs = 200
const atOnce = 200
const pollers = { type: 'simple-maximum', maximum: 10 } as const

export const adapter = temporalWith('temporal-workflows.ts')

/** `workflows`: a file of this folder. */
export function temporalWith(workflows: string): EngineAdapter {
  const workflowsPath = fileURLToPath(new URL(`./${workflows}`, import.meta.url))
  return {
    openEngine: async (target) => {
      const opened = await openConnection(target)
      const worker = await startWorker(target, workflowsPath)
      return {
        execute: async (workflow) => void await (await start(opened.client, workflow)).result(),
        countCompleted: opened.countCompleted,
        close: async () => {
          await worker.close()
          await opened.close()
        },
      }
    },
    openClient: async (target): Promise<StartingClient> => {
      const { client, countCompleted, close } = await openConnection(target)
      return { start: async (workflow) => void await start(client, workflow), countCompleted, close }
    },
    openWorker: async (target, scenario) => {
      if (scenario === 'idle') await (await openConnection(target)).close() // creates the namespace
      return startWorker(target, workflowsPath)
    },
  }
}

async function openConnection(target: Target) {
  const connection = Connection.lazy({ address: addressOf(target) })
  const client = new Client({ connection, namespace })
  await registerNamespace(connection, client)
  return {
    client,
    countCompleted: async () => ({ workflows: (await client.workflow.count("ExecutionStatus = 'Completed'")).count }),
    close: () => connection.close(),
  }
}

/** Then waits until the server knows it everywhere: until a list can be asked for. */
async function registerNamespace(connection: Connection, client: Client): Promise<void> {
  const until = performance.now() + readySecondsMax * 1_000
  for (;;) {
    try {
      await connection.workflowService.registerNamespace({
        namespace, workflowExecutionRetentionPeriod: { seconds: retentionSeconds as unknown as never },
      }).catch((error: unknown) => {
        if (!/already|exists/i.test(String(error))) throw error
      })
      await client.workflow.count()
      return
    } catch (error) {
      if (performance.now() > until) throw error
      await delay(resultMs)
    }
  }
}

async function startWorker(target: Target, workflowsPath: string): Promise<{ close: () => Promise<void> }> {
  Runtime.install({ logger: new DefaultLogger('ERROR') })
  const connection = await NativeConnection.connect({ address: addressOf(target) })
  const worker = await Worker.create({
    connection, namespace, taskQueue,
    activities: { step: async (id: string, index: number) => Promise.resolve(performStep(id, index)) },
    workflowsPath, maxConcurrentActivityTaskExecutions: atOnce, maxConcurrentLocalActivityExecutions: atOnce,
    maxConcurrentWorkflowTaskExecutions: 100, maxCachedWorkflows: 2_000,
    workflowTaskPollerBehavior: pollers, activityTaskPollerBehavior: pollers,
  })
  const running = worker.run()
  return {
    close: async () => {
      worker.shutdown()
      await running
      await connection.close()
    },
  }
}

function start(client: Client, workflow: Workflow) {
  const args = workflow.type === 'sleep' ? [workflow.id, workflow.ms] : [workflow.id, workflow.steps]
  return client.workflow.start(workflow.type, { taskQueue, workflowId: workflow.id, args })
}

function addressOf({ server }: Target): string {
  return server?.addresses['frontend'] ?? ''
}
