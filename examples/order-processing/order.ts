/** What comes in and what goes out; workflows, activities and tests agree on these. */

export interface OrderItem {
  readonly sku: string
  readonly quantity: number
  readonly price: number
}

export interface Order {
  readonly order_id: string
  readonly user_id: string
  readonly email: string
  readonly items: readonly OrderItem[]
  readonly total: number
}

export type OrderOutcome =
  | {
    readonly status: 'completed'
    readonly orderId: string
    readonly transactionId: string
    readonly reservationId: string
    readonly messageId: string
  }
  | {
    readonly status: 'refunded'
    readonly orderId: string
    readonly transactionId: string
    readonly refundId: string
    readonly reason: string
  }
