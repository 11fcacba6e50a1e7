/** Many processes that find an empty database at the same moment. */
import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Engine } from 'perdure'
import type { Opened } from '../opening-program.ts'
import { sized } from '../test-share.ts'
import type { Scenario } from '../worker-suite.ts'

const processes = sized({ all: 10, share: 4 })

export const openingScenarios: readonly Scenario[] = [
  {
    name: `${processes} processes that open an empty database at once all succeed, and make one schema`,
    async run(t, { home }) {
      const database = await home.createDatabase('empty')
      const children = Array.from({ length: processes }, (_, number) => opener(database, `order-${number + 1}`))
      t.after(() => { for (const child of children) child.kill('SIGKILL') })
      await Promise.all(children.map((child) => once(child, 'message')))
      const telling = children.map((child) => once(child, 'message') as Promise<[Opened]>)
      const gone = children.map((child) => once(child, 'exit'))
      for (const child of children) child.send('open')
      const told = (await Promise.all(telling)).map(([opened]) => opened)
      t.diagnostic(`the slowest took ${[0, 1, 2, 3].map((part) => Math.max(...told.map(({ tookMs }) => tookMs[part] ?? 0))).join(', ')} ms `
        + 'to open, start, run a workflow and stop')
      assert.deepEqual(told.map(({ result }) => result), children.map((_, number) => `order-${number + 1}`))
      assert.deepEqual(await Promise.all(gone), children.map(() => [0, null]))

      const single = await home.createDatabase('single')
      await (await Engine.open({ database: single, worker: false })).stop()
      assert.equal(await home.schemaOf(database), await home.schemaOf(single))
      const producer = await Engine.open({ database, worker: false })
      assert.equal(await producer.workflows.count({ status: 'completed' }), processes)
      await producer.stop()
    },
  },
]

function opener(database: string, workflowId: string): ChildProcess {
  return fork(join(import.meta.dirname, '..', 'opening-program.ts'), [database, workflowId], { stdio: 'inherit', execArgv: [] })
}
