/** Reads of the inbox answer late: what they bring may have been taken in and consumed meanwhile, and is not taken in again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { condition, defineSignal, setHandler } from '@perdure/workflow'
import { namespace } from '../../../test/worker-stage.ts'
import { openQueryStage, type QueryStage } from '../../../test/query-stage.ts'
import type { Store } from '../../ports/store.ts'
import { encodeEvent } from '../../protocol/event-codec.ts'
import { asRunId } from '../../protocol/ids.ts'
import type { InboxMessage } from '../../protocol/inbox-message.ts'
import { encodeArguments } from '../../protocol/payload-codec.ts'
import { type OwnedExecution, ownedExecution } from '../commits/owned-execution.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { InboxReader } from './inbox-reader.ts'

const noted = defineSignal<[string]>('noted')

function signal(text: string): { readonly type: string; readonly data: string } {
  const type = 'WorkflowExecutionSignaled'
  return { type, data: encodeEvent({ type, signalName: 'noted', identity: 'other', input: encodeArguments([text], 'signal') }) }
}

async function post(stage: QueryStage, text: string): Promise<void> {
  const [outcome] = await stage.store.post([{ namespace, workflowId: 'w', runId: null, ...signal(text) }])
  assert.equal(outcome?.type, 'posted')
}

test('a message that was consumed while it was read once more is applied once', async (t) => {
  const stage = openQueryStage(t, {
    workflows: {
      untilLast: async () => {
        const seen: string[] = []
        setHandler(noted, (text: string) => { seen.push(text) })
        await condition(() => seen.includes('last'))
        return seen
      },
    },
  })
  const { client } = await stage.addWorker()
  const handle = await client.start('untilLast', { workflowId: 'w' })
  const { readInbox } = stage.store
  let first: readonly InboxMessage[] = []
  stage.store.readInbox = async (...request) => {
    const found = await readInbox.call(stage.store, ...request)
    // The next one looked before the message was consumed, and answers after.
    const late = first
    first = late.length === 0 ? found : first
    return [...late, ...found]
  }
  await post(stage, 'first')
  await stage.until(async () => (await stage.store.readHistory(asRunId(handle.runId), 0, 10)).length === 1)
  await post(stage, 'last')
  assert.deepEqual(await handle.result(), ['first', 'last'])
  assert.equal((await stage.store.readHistory(asRunId(handle.runId), 0, 10)).length, 2)
})

test('a read that began before an execution was claimed brings it nothing: the claim brought all that was there', async () => {
  const runId = asRunId('claimed')
  const record = { runId, startedAt: 1, firstTaskAt: 1 } as unknown as OwnedExecution['record']
  const [present, claimed] = [ownedExecution({ ...record, runId: asRunId('present') }, 1), ownedExecution(record, 1)]
  const owned = new Map([[present.runId, present]])
  const woken: string[] = []
  const store: Partial<Store> = {
    readInbox: async () => {
      owned.set(runId, claimed)
      return [{ id: 1, runId, ...signal('old') }, { id: 2, runId: present.runId, ...signal('new') }]
    },
  }
  const executions = { all: () => owned.values(), get: (run: typeof runId) => owned.get(run) }
  const loop = { wake: (one: OwnedExecution) => void woken.push(one.runId) }
  await new InboxReader({ store, executions, loop } as unknown as WorkerContext).read()
  assert.deepEqual([claimed.inputs, present.inputs.length, woken], [[], 1, ['present']])
})
