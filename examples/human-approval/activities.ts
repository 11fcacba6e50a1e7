import { log } from 'perdure/activity'
import type { ApprovalRequest } from './approval-request.ts'

/** Would send a mail with two links; each link sends a signal. */
export async function sendApprovalRequest(request: ApprovalRequest): Promise<void> {
  log.info('Approval requested', { requestId: request.requestId, action: request.action })
}

export async function executeApprovedAction(request: ApprovalRequest): Promise<string> {
  return `${request.action}: done for ${request.requestedBy}`
}
