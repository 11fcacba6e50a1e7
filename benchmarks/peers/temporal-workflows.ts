import { proxyActivities } from '@temporalio/workflow'
import { type Activities, workflowsOf } from './temporal-bodies.ts'

const { step } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' })

export const { chain, fan, sleep } = workflowsOf(step)
