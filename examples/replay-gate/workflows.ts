import { proxyActivities, sleep } from 'perdure/workflow'
import type * as activities from './activities.ts'

const { reserve, ship } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' })

/** As it runs today. */
export async function dispatch(item: string): Promise<string> {
  await reserve(item)
  await sleep('1 ms')
  return ship(item)
}
