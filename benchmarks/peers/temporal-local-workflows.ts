import { proxyLocalActivities } from '@temporalio/workflow'
import { type Activities, workflowsOf } from './temporal-bodies.ts'

const { step } = proxyLocalActivities<Activities>({ startToCloseTimeout: '1 minute' })

export const { chain, fan, sleep } = workflowsOf(step)
