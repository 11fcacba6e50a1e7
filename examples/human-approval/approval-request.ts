export interface ApprovalRequest {
  readonly requestId: string
  readonly requestedBy: string
  readonly action: string
}

export type ApprovalOutcome =
  | { readonly status: 'approved'; readonly result: string }
  | { readonly status: 'rejected'; readonly reason: string }
  | { readonly status: 'timeout' }
