import type { RetryPolicy } from './activity-options.ts'
import type { ResolvedRetryPolicy } from './host.ts'
import { type CheckedCall, durationOption, invalidOption, refuseUnknownOptions } from './option-checks.ts'

/** Checks a retry policy and fills in Temporal's defaults. */
export function resolveRetryPolicy(retry: RetryPolicy, call: CheckedCall): ResolvedRetryPolicy {
  if (typeof retry !== 'object' || retry === null) {
    throw invalidOption(call, `retry is ${String(retry)}; pass an object, for example { maximumAttempts: 3 }`)
  }
  refuseUnknownOptions(retry, retryKeys, call, undefined, 'retry policy')
  const { backoffCoefficient: coefficient = 2, maximumAttempts = 0, nonRetryableErrorTypes = [] } = retry
  const initialMs = durationOption(retry.initialInterval, 'retry.initialInterval', call) ?? 1_000
  const maximumMs = durationOption(retry.maximumInterval, 'retry.maximumInterval', call) ?? 100 * initialMs
  if (maximumMs < initialMs) {
    throw invalidOption(call, 'retry.maximumInterval is shorter than retry.initialInterval; make it as long or longer')
  }
  if (!(Number.isFinite(coefficient) && coefficient >= 1)) {
    throw invalidOption(call, `retry.backoffCoefficient is ${String(coefficient)}; give a number from 1 on`)
  }
  if (maximumAttempts !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(maximumAttempts) && maximumAttempts >= 0)) {
    const remedy = 'give a whole number from 1 on, or 0 or Infinity for unlimited'
    throw invalidOption(call, `retry.maximumAttempts is ${String(maximumAttempts)}; ${remedy}`)
  }
  if (!Array.isArray(nonRetryableErrorTypes) || nonRetryableErrorTypes.some((type) => typeof type !== 'string')) {
    throw invalidOption(call, "retry.nonRetryableErrorTypes is not a list of names; give class names such as ['CardExpired']")
  }
  return {
    initialMs, coefficient, maximumMs,
    maximumAttempts: maximumAttempts === Number.POSITIVE_INFINITY ? 0 : maximumAttempts,
    nonRetryableErrorTypes: Object.freeze([...nonRetryableErrorTypes] as string[]),
  }
}

const retryKeys: readonly (keyof RetryPolicy)[] = [
  'initialInterval', 'backoffCoefficient', 'maximumInterval', 'maximumAttempts', 'nonRetryableErrorTypes',
]
