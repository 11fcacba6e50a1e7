import { condition, defineQuery, defineSignal, type Duration, proxyActivities, setHandler } from 'perdure/workflow'
import type * as activities from './activities.ts'
import type { ApprovalOutcome, ApprovalRequest } from './approval-request.ts'

export const approve = defineSignal('approve')
export const reject = defineSignal<[reason: string]>('reject')
export const isApproved = defineQuery<boolean>('isApproved')
export const getRejectionReason = defineQuery<string | null>('getRejectionReason')

const { sendApprovalRequest } = proxyActivities<typeof activities>({ startToCloseTimeout: '30 seconds' })
const { executeApprovedAction } = proxyActivities<typeof activities>({ startToCloseTimeout: '5 minutes' })

/** Asks a person, and waits for the answer: a day, unless said otherwise. An answer counts once; what comes after it changes nothing. */
export async function approval(request: ApprovalRequest, patience: Duration = '24 hours'): Promise<ApprovalOutcome> {
  let approved = false
  let rejection: string | null = null
  const isOpen = () => !approved && rejection === null
  setHandler(approve, () => {
    if (isOpen()) approved = true
  })
  setHandler(reject, (reason) => {
    if (isOpen()) rejection = reason
  })
  setHandler(isApproved, () => approved)
  setHandler(getRejectionReason, () => rejection)

  await sendApprovalRequest(request)
  const answered = await condition(() => !isOpen(), patience)
  if (!answered) return { status: 'timeout' }
  if (rejection !== null) return { status: 'rejected', reason: rejection }
  return { status: 'approved', result: await executeApprovedAction(request) }
}
