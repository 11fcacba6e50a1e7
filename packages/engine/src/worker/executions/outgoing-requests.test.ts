import assert from 'node:assert/strict'
import { test } from 'node:test'
import { condition, defineSignal, getExternalWorkflowHandle, setHandler } from '@perdure/workflow'
import { openStage } from '../../../test/worker-stage.ts'

const noted = defineSignal<[string]>('noted')

async function listener(): Promise<string> {
  let heard: string | undefined
  setHandler(noted, (text) => { heard = text })
  await condition(() => heard !== undefined)
  return heard ?? ''
}

async function teller(): Promise<string> {
  await getExternalWorkflowHandle('listener').signal(noted, 'news')
  return 'told'
}

test('an execution that ends on the answer of its request, read before the commit of the request has answered, is closed', async (t) => {
  const stage = openStage(t, { workflows: { listener, teller } })
  const { client } = await stage.addWorker()
  await client.start(listener, { workflowId: 'listener' })
  const { onTick } = stage
  let ticks = 0
  let ticked = (): void => undefined
  stage.onTick = async (forward) => {
    const look = await onTick(forward)
    ticks++
    ticked()
    return look
  }
  stage.onCommit = async (batch, forward) => {
    const outcome = await forward(batch)
    if (batch.transitions.some(({ outgoing = [] }) => outgoing.length > 0)) {
      // Each tick that sees messages reads them.
      const enough = ticks + 3
      await new Promise<void>((resolve) => { ticked = () => { if (ticks >= enough) resolve() } })
    }
    return outcome
  }
  const handle = await client.start(teller, { workflowId: 'teller' })
  assert.equal(await handle.result({ timeout: '10 seconds' }), 'told')
  assert.equal(await client.getResult('listener', { timeout: '10 seconds' }), 'news')
})
