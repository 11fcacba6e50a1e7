/**
 * What the compiler refuses, and where: `npm run types` fails when one of these lines is accepted, or when the error stands
 * at another line. Nothing of it is run.
 */
import type { Engine } from 'perdure'
import { condition, defineQuery, defineSignal, proxyActivities, setHandler, sleep, type Duration } from 'perdure/workflow'

const approve = defineSignal<[by: string]>('approve')
const approvals = defineQuery<number, [since: string]>('approvals')

export async function durations(text: string, amount: number): Promise<void> {
  // @ts-expect-error no such unit
  await sleep('5 parsecs')
  // @ts-expect-error not every text is a duration
  await sleep(text)
  // @ts-expect-error no such unit
  await condition(() => true, '1 fortnight')
  proxyActivities({
    // @ts-expect-error no such unit
    startToCloseTimeout: '30 lightyears',
  })
  const fine: Duration[] = [
    5, '5', '5ms', '1.5h', '2 days', '10 Minutes', '1 WEEK', '.5d', '-1s', `${amount}s`, `${amount} seconds`, text as Duration,
  ]
  for (const each of fine) await sleep(each)
}

export function handlers(): void {
  setHandler(approve, (by) => void by.toUpperCase())
  setHandler(approve, async (by) => sleep(by.length))
  setHandler(approve, undefined)
  setHandler(approvals, (since) => since.length)
  setHandler(approvals, () => 1)
  setHandler(
    approve,
    // @ts-expect-error the signal carries a text
    (by: number) => void by,
  )
  setHandler(
    approvals,
    // @ts-expect-error the query answers with a number
    () => 'five',
  )
  setHandler(
    approvals,
    // @ts-expect-error a query is answered at once
    async () => 5,
  )
  // @ts-expect-error a definition is needed
  setHandler('approve', () => undefined)
}

export async function calls(engine: Engine, order: (id: string, amount: number) => Promise<Date>): Promise<void> {
  const handle = await engine.workflows.start(order, { args: ['7', 5] })
  const joined: boolean = !handle.started
  await engine.workflows.list({ status: ['RUNNING', 'failed', 'CANCELED'], limit: joined ? 1 : 2 })
  await engine.workflows.terminate('order-7', 'bye')
  // @ts-expect-error the workflow takes two arguments
  await engine.workflows.start(order, { args: ['7'] })
  // @ts-expect-error it does not run without arguments
  await engine.workflows.start(order)
  // @ts-expect-error no such status
  await engine.workflows.list({ status: 'RUNING' })
  // @ts-expect-error filters are an object
  await engine.workflows.list('WorkflowType = "order"')
  // @ts-expect-error statuses are written in upper case
  if ((await handle.getStatus()).status === 'running') await handle.cancel()
  // @ts-expect-error a list has no names
  engine.activities.register([order])
}
