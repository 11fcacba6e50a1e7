/** An execution that kills its workers is held, also where its history grows by what each death leaves. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proxyActivities } from '@perdure/workflow'
import { openQueryStage } from '../../../test/query-stage.ts'
import { tickMs, takeoversMax } from '../../limits.ts'

const { kill } = proxyActivities<{ kill(): Promise<void> }>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })
const { step } = proxyActivities<{ step(): Promise<void> }>({ startToCloseTimeout: '1 minute' })

async function deaths(t: Parameters<typeof openQueryStage>[0], worksBetween: boolean): Promise<number> {
  let begun = 0
  const never = new Promise<void>(() => undefined)
  const stage = openQueryStage(t, {
    workflows: {
      killing: async () => {
        for (;;) {
          if (worksBetween) await step()
          await kill().catch(() => undefined)
        }
      },
    },
    activities: { kill: () => { begun++; return never }, step: async () => undefined },
  })
  let died = 0
  let { client, crash } = await stage.addWorker()
  await client.start('killing', { workflowId: 'w' })
  for (; died < takeoversMax + 2; died++) {
    await stage.until(() => begun > died)
    await crash()
    stage.aheadMs += 2 * tickMs
    ;({ client, crash } = await stage.addWorker())
    const before = begun
    await stage.until(async () => begun > before || (await client.describe('w')).held?.code === 'crash_loop')
    if (begun === before) return died + 1
  }
  return died
}

test('an attempt that was lost with its worker shows no progress: at the fifth death the execution is held', async (t) => {
  assert.equal(await deaths(t, false), takeoversMax)
})

test('an activity that ended in between does', async (t) => {
  assert.equal(await deaths(t, true), takeoversMax + 2)
})
