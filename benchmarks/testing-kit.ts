/** What the testing kit costs a test suite: `node benchmarks/testing-kit.ts`. The numbers of docs/testing.md. */
import { simulate, TestEnvironment } from 'perdure/testing'
import { proxyActivities, sleep } from 'perdure/workflow'
import { median, percentile } from './statistics.ts'

const rounds = 50
const runsEach = 10
const activities = { charge: async (amount: number) => `charged ${amount}` }
const { charge } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' })

async function order(amount: number): Promise<string> {
  return charge(amount)
}

async function month(): Promise<void> {
  await sleep('30 days')
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function tell(what: string, given: readonly number[]): void {
  const [first = 0] = given
  const [middle, slow] = [median(given), percentile(given, 0.95)]
  console.log(`  ${what.padEnd(30)} first ${first.toFixed(1)} ms, median ${middle.toFixed(2)} ms, p95 ${slow.toFixed(2)} ms`)
}

for (const [home, database] of [['in memory', {}], ['on SQLite, in memory', { database: ':memory:' }]] as const) {
  const times = { open: [] as number[], order: [] as number[], month: [] as number[], close: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    let env = undefined as TestEnvironment<typeof activities> | undefined
    const options = { workflows: { order, month }, activities, ...database }
    times.open.push(await timed(async () => { env = await TestEnvironment.create(options) }))
    if (env === undefined) throw new Error('It did not open')
    const { workflows } = env
    for (let run = 0; run < runsEach; run++) {
      times.order.push(await timed(() => workflows.execute(order, { workflowId: `order-${run}`, args: [run] })))
    }
    times.month.push(await timed(() => workflows.execute(month, { workflowId: 'month' })))
    const open = env
    times.close.push(await timed(() => open.teardown()))
  }
  console.log(home)
  tell('opening', times.open)
  tell('a workflow of one activity', times.order)
  tell('a sleep of thirty days', times.month)
  tell(`closing, with ${runsEach + 1} replays`, times.close)
}
const startedAt = performance.now()
const { runs } = await simulate(order, { args: [7], activities })
console.log(`simulate: ${((performance.now() - startedAt) / runs).toFixed(1)} ms for each of ${runs} runs`)
