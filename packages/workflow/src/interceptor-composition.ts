import type { WorkflowHost } from './host.ts'
import type { Next, WorkflowOutboundCallsInterceptor } from './interceptors.ts'
import { keepingRandom } from './random-stream.ts'

/**
 * One function of a chain: the first interceptor that has the method is called first, `next` last.
 * A random stream that an interceptor has set for itself does not reach what it passes on to.
 */
export function composeInterceptors<I, M extends keyof I>(interceptors: readonly I[], method: M, next: Next<I, M>): Next<I, M> {
  type Call = (input: unknown) => unknown
  let composed: Call = next as unknown as Call
  for (const interceptor of interceptors.toReversed()) {
    const intercept = interceptor[method] as ((this: I, input: unknown, next: Call) => unknown) | undefined
    if (intercept === undefined) continue
    const inner = keepingRandom(composed)
    composed = (input) => intercept.call(interceptor, input, inner)
  }
  return composed as unknown as Next<I, M>
}

/** The interceptors around what a workflow calls, or undefined when none has the method: then nothing stands around it. */
export function outboundOf(
  host: WorkflowHost, method: keyof WorkflowOutboundCallsInterceptor,
): readonly WorkflowOutboundCallsInterceptor[] | undefined {
  const { outbound } = host.interceptors()
  if (outbound === undefined || outbound.length === 0) return undefined
  return outbound.some((each) => each[method] !== undefined) ? outbound : undefined
}

export type CallKind = 'timer' | 'activity' | 'child' | 'signal'
const counters = new WeakMap<WorkflowHost, Record<CallKind, number>>()

/** Number of a call for the input of interceptors: counted by kind, from 1, only where there are interceptors. */
export function nextSeq(host: WorkflowHost, kind: CallKind): number {
  let counter = counters.get(host)
  if (counter === undefined) counters.set(host, counter = { timer: 0, activity: 0, child: 0, signal: 0 })
  return ++counter[kind]
}
