import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { ApplicationFailure, condition, defineSignal, log, proxyActivities, setHandler } from '@perdure/workflow'
import { openStage } from '../../../test/worker-stage.ts'

const { act } = proxyActivities<{ act(): Promise<void> }>({
  startToCloseTimeout: '1 minute', retry: { initialInterval: 1, maximumAttempts: 2 },
})

test('a logger that throws costs lines, and nothing else', async (t) => {
  let attempts = 0
  const stage = openStage(t, {
    workflows: {
      told: async () => {
        log.info('begun')
        await act()
        log.info('acted')
        return 'done'
      },
    },
    activities: { act: async () => { if (++attempts === 1) throw new Error('not now') } },
  })
  const { client, worker } = await stage.addWorker()
  const before = worker.status().incarnation
  stage.logged.push = () => { throw new Error('the disk is full') }
  const warned = once(process, 'warning') as Promise<[Error]>
  // One that this worker starts itself, and one that it claims: it writes nothing before it logs.
  assert.deepEqual(await Promise.all([client.execute('told'), client.execute('told', { startDelay: 1 })]), ['done', 'done'])
  assert.equal(worker.status().incarnation, before)
  assert.match((await warned)[0].message, /The logger given to the engine threw.*the disk is full/)
})

test('an attribute of a log line that cannot be read is an error of the code that logs it', async (t) => {
  const unreadable = { get secret(): never { throw new Error('not readable') } }
  const stage = openStage(t, { workflows: { told: async () => log.info('unreadable', unreadable) } })
  const { client, worker } = await stage.addWorker()
  const before = worker.status().incarnation
  await assert.rejects(client.execute('told'), (error: Error) => (error.cause as Error).message === 'not readable')
  assert.equal(worker.status().incarnation, before)
})

const wait = defineSignal('wait')

for (const [how, warned] of [['returns', true], ['fails', false]] as const) {
  const told = warned ? 'warned of' : 'told of by its failure alone'
  test(`a workflow that ${how} while a handler still runs is ${told}, as on Temporal`, async (t) => {
    const ends = async (): Promise<void> => {
      let waits = false
      setHandler(wait, async () => {
        waits = true
        await condition(() => false)
      })
      await condition(() => waits)
      if (how === 'fails') throw ApplicationFailure.create({ message: 'no' })
    }
    const stage = openStage(t, { workflows: { ends } })
    const { client } = await stage.addWorker()
    const handle = await client.signalWithStart('ends', { signal: wait })
    await handle.result().catch(() => undefined)
    assert.equal(stage.logged.some((line) => line.includes("1 signal handler still ran ('wait')")), warned, stage.logged.join('\n'))
    assert.equal(stage.logged.some((line) => line.includes("Workflow 'ends' failed")), !warned)
  })
}
