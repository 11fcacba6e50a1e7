import { proxyActivities, sleep } from 'perdure/workflow'
import type * as activities from './activities.ts'

const { reserve, ship, weigh } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' })

/** As somebody would like to roll it out: open executions are in its way, and `patched` (../patches) is the remedy. */
export async function dispatch(item: string): Promise<string> {
  await reserve(item)
  await weigh(item)
  await sleep('1 ms')
  return ship(item)
}
