/** Absurd: a worker of 100, defaults otherwise. Its schema is not in its npm package; absurd-schema.ts says where it lies. */
import { readFileSync } from 'node:fs'
import { Absurd } from 'absurd-sdk'
import { Client } from 'pg'
import { absurdSchema } from '../absurd-schema.ts'
import type { EngineAdapter, Workflow } from '../engine-adapter.ts'
import { performStep } from '../step.ts'
import { type BodyEnds, createBodyEnds } from './body-ends.ts'
import { openCounting } from './counting.ts'

const queueName = 'default'
const concurrency = 100
const resultTimeoutSeconds = 60
const completed = `select (select count(*)::int from absurd.t_${queueName} where state = 'completed') as workflows,
  (select count(*)::int from absurd.c_${queueName} where checkpoint_name like 'step%') as steps`
const log = { log: () => undefined, info: () => undefined, warn: () => undefined, error: console.error }

type Steps = { id: string; steps: number }
type Sleep = { id: string; ms: number }

export const adapter: EngineAdapter = {
  openEngine: async ({ database }) => {
    await createSchema(database)
    const ends = createBodyEnds()
    const app = open(database, ends)
    await app.startWorker({ concurrency })
    const rows = await openCounting(database, completed)
    return {
      resolvesBeforeDurable: true,
      execute: async (workflow) => {
        const ended = ends.wait(workflow.id)
        await spawn(app, workflow)
        await ended
      },
      executeForResult: async (workflow) => {
        const { taskID } = await spawn(app, workflow)
        await app.awaitTaskResult(taskID, { timeout: resultTimeoutSeconds })
      },
      countCompleted: () => rows.count(),
      close: async () => {
        await rows.close()
        await app.close()
      },
    }
  },
  openClient: async ({ database }) => {
    await createSchema(database)
    const app = open(database, createBodyEnds())
    const rows = await openCounting(database, completed)
    return {
      start: async (workflow) => void await spawn(app, workflow),
      countCompleted: () => rows.count(),
      close: async () => {
        await rows.close()
        await app.close()
      },
    }
  },
  openWorker: async ({ database }, scenario) => {
    if (scenario === 'idle') await createSchema(database)
    const app = open(database, createBodyEnds())
    await app.startWorker({ concurrency })
    return { close: () => app.close() }
  },
}

function open(database: string, ends: BodyEnds): Absurd {
  const app = new Absurd({ db: database, queueName, log })
  app.registerTask<Steps, number>({ name: 'chain' }, async ({ id, steps }, context) => {
    for (let index = 0; index < steps; index++) await context.step(`step${index}`, async () => Promise.resolve(performStep(id, index)))
    ends.ended(id)
    return steps
  })
  app.registerTask<Steps, number>({ name: 'fan' }, async ({ id, steps }, context) => {
    const one = (_: unknown, index: number) => context.step(`step${index}`, async () => Promise.resolve(performStep(id, index)))
    const all = Array.from({ length: steps }, one)
    const results = await Promise.all(all)
    ends.ended(id)
    return results.length
  })
  app.registerTask<Sleep, number>({ name: 'sleep' }, async ({ id, ms }, context) => {
    await context.sleepFor('pause', ms / 1_000)
    ends.ended(id)
    return ms
  })
  return app
}

function spawn(app: Absurd, { type, ...input }: Workflow) {
  return app.spawn(type, input)
}

async function createSchema(database: string): Promise<void> {
  const client = new Client({ connectionString: database })
  await client.connect()
  try {
    await client.query(readFileSync(absurdSchema(), 'utf8'))
  } finally {
    await client.end()
  }
  const app = new Absurd({ db: database, queueName, log })
  await app.createQueue(queueName)
  await app.close()
}
