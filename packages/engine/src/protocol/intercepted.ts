/** Chains of interceptors. Pure. */

type Call = (...args: never[]) => unknown

/** What an interceptor calls to go on: the next one, or in the end what all of them stand around. */
export type NextCall<I, M extends keyof I> =
  Required<I>[M] extends (input: infer Input, ...rest: never[]) => infer Output ? (input: Input) => Output : never

/** From the first to the last, then `next`. */
export function intercepted<I extends object, M extends keyof I & string>(
  interceptors: readonly I[], method: M, next: NextCall<I, M>,
): NextCall<I, M> {
  return interceptors.reduceRight<Call>((inner, interceptor) => {
    const call = interceptor[method] as ((this: I, input: unknown, next: Call) => unknown) | undefined
    return call === undefined ? inner : (input: unknown) => call.call(interceptor, input, inner)
  }, next as Call) as NextCall<I, M>
}
