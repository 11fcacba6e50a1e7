/**
 * Holds what the engine recorded against what the outside world saw. It reads nothing itself, and it trusts neither side:
 * the effect log was written by the activities alone, the records come from the database.
 */
import type { Effect, EffectKind } from '../order-processing/effect-log.ts'
import type { Order, OrderOutcome } from '../order-processing/order.ts'

/** A result of an activity, as the history has it. */
export interface RecordedEffect {
  readonly kind: EffectKind
  readonly effectId: string
}

/** One execution, as the database has it. */
export interface RecordedOrder {
  readonly orderId: string
  readonly status: string
  readonly outcome?: OrderOutcome
  readonly effects: readonly RecordedEffect[]
}

export interface Evidence {
  readonly orders: readonly Order[]
  readonly effects: readonly Effect[]
  readonly recorded: readonly RecordedOrder[]
  /** What had been recorded when the worker was dead. */
  readonly recordedAtKill: readonly RecordedOrder[]
}

export interface Verdict {
  /** What is wrong, a sentence each. Empty: everything holds. */
  readonly problems: readonly string[]
  readonly confirmed: number
  readonly refunded: number
  readonly lost: number
  /** Results that were recorded at the kill and are unchanged. */
  readonly unchanged: number
  /** Done again because the result of the first time was not yet recorded. */
  readonly repeated: readonly Effect[]
  readonly refused: number
}

const kindsOf: Readonly<Record<OrderOutcome['status'], readonly EffectKind[]>> = {
  completed: ['charge', 'reserve', 'confirm'],
  refunded: ['charge', 'refund'],
}

export function verify({ orders, effects, recorded, recordedAtKill }: Evidence): Verdict {
  const records = groupBy(recorded, (each) => each.orderId)
  const seen = groupBy(effects, (each) => each.orderId)
  const problems: string[] = [...strangers(orders, [...records.keys(), ...seen.keys()]), ...ranTwice(effects)]
  const repeated: Effect[] = []
  for (const order of orders) {
    const record = onlyRecord(order, records.get(order.order_id) ?? [])
    if (typeof record === 'string') {
      problems.push(record)
      continue
    }
    const done = (seen.get(order.order_id) ?? []).filter((effect) => effect.outcome === 'done')
    problems.push(...outcomeProblems(record), ...effectProblems(record, done), ...amountProblems(order, done))
    const surplus = done.filter((effect) => !record.effects.some((each) => each.effectId === effect.effectId))
    repeated.push(...surplus.filter((effect) => isRepeat(effect, record, done)))
    problems.push(...surplus.filter((effect) => !isRepeat(effect, record, done)).map(surplusProblem))
  }
  const changes = changedSince(recordedAtKill, records)
  const statuses = recorded.map((record) => record.outcome?.status)
  return {
    problems: [...problems, ...changes],
    confirmed: statuses.filter((status) => status === 'completed').length,
    refunded: statuses.filter((status) => status === 'refunded').length,
    lost: orders.filter((order) => (records.get(order.order_id) ?? []).every((record) => record.outcome === undefined)).length,
    unchanged: recordedAtKill.reduce((sum, record) => sum + record.effects.length, 0) - changes.length,
    repeated,
    refused: effects.filter((effect) => effect.outcome === 'refused').length,
  }
}

function strangers(orders: readonly Order[], ids: readonly string[]): string[] {
  const known = new Set(orders.map((order) => order.order_id))
  return [...new Set(ids)].filter((id) => !known.has(id)).map((id) => `${id}: not in the orders file`)
}

function ranTwice(effects: readonly Effect[]): string[] {
  const attempts = groupBy(effects, (effect) => effect.key)
  return [...attempts].filter(([, lines]) => lines.length > 1).map(([key, lines]) => `${key}: one attempt ran ${lines.length} times`)
}

function onlyRecord(order: Order, records: readonly RecordedOrder[]): RecordedOrder | string {
  const [record] = records
  if (record === undefined) return `${order.order_id}: lost, the database has no execution for it`
  return records.length === 1 ? record : `${order.order_id}: ${records.length} executions for one order`
}

function outcomeProblems({ orderId, status, outcome, effects }: RecordedOrder): string[] {
  if (status !== 'COMPLETED' || outcome === undefined) return [`${orderId}: its execution is ${status}, not COMPLETED`]
  const expected = [...kindsOf[outcome.status]].sort().join(', ')
  const found = effects.map((effect) => effect.kind).sort().join(', ')
  const problems: string[] = []
  if (expected !== found) problems.push(`${orderId}: ${outcome.status}, but its history has ${found || 'nothing'}; expected ${expected}`)
  for (const { kind, effectId } of effects) {
    const returned = returnedId(outcome, kind)
    if (returned !== effectId) problems.push(`${orderId}: its history has ${kind} ${effectId}, its result ${returned ?? 'none'}`)
  }
  return problems
}

function returnedId(outcome: OrderOutcome, kind: EffectKind): string | undefined {
  if (kind === 'charge') return outcome.transactionId
  if (outcome.status === 'refunded') return kind === 'refund' ? outcome.refundId : undefined
  if (kind === 'reserve') return outcome.reservationId
  return kind === 'confirm' ? outcome.messageId : undefined
}

function effectProblems({ orderId, effects }: RecordedOrder, done: readonly Effect[]): string[] {
  const missing = effects.filter(({ kind, effectId }) => !done.some((each) => each.kind === kind && each.effectId === effectId))
  return missing.map(({ kind, effectId }) => `${orderId}: ${kind} ${effectId} is recorded, but was never done`)
}

function amountProblems(order: Order, done: readonly Effect[]): string[] {
  const wrong = done.filter(({ kind, amount }) => (kind === 'charge' || kind === 'refund') && amount !== order.total)
  return wrong.map(({ kind, amount }) => `${order.order_id}: ${kind} of ${amount ?? 'nothing'}, the order says ${order.total}`)
}

/** Its result was lost with a worker, and a later attempt is the one that counts. */
function isRepeat(effect: Effect, record: RecordedOrder, done: readonly Effect[]): boolean {
  const counted = record.effects.filter((each) => each.kind === effect.kind)
  return done.some((each) => each.attempt > effect.attempt && counted.some(({ effectId }) => effectId === each.effectId))
}

function surplusProblem({ orderId, kind, attempt, effectId }: Effect): string {
  return `${orderId}: ${kind} ${effectId ?? ''} (attempt ${attempt}) was done, but is not what is recorded`
}

function changedSince(before: readonly RecordedOrder[], now: ReadonlyMap<string, readonly RecordedOrder[]>): string[] {
  return before.flatMap(({ orderId, effects }) => {
    const later = (now.get(orderId) ?? []).flatMap((record) => record.effects)
    const changed = effects.filter(({ kind, effectId }) => !later.some((each) => each.kind === kind && each.effectId === effectId))
    return changed.map(({ kind, effectId }) => `${orderId}: ${kind} ${effectId} was recorded before the kill, and is not any more`)
  })
}

function groupBy<T>(all: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  return Map.groupBy(all, keyOf)
}
