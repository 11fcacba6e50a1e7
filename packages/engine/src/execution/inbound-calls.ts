/** Interceptors of workflow code, around what is called in it from outside. Without any, a call is the plain call. */
import type { Headers, WorkflowInterceptors, WorkflowInterceptorsFactory } from '@perdure/workflow'
import { composeInterceptors } from '@perdure/workflow/host'
import { decodeHeaders } from '../protocol/headers.ts'
import { checkMade } from './made-interceptors.ts'
import type { Call } from './message-handlers.ts'

export const noInterceptors: WorkflowInterceptors = Object.freeze({})

/** One list of each kind, in the order of the factories. They are called in the context of the execution. */
export function makeInterceptors(factories: readonly WorkflowInterceptorsFactory[]): WorkflowInterceptors {
  if (factories.length === 0) return noInterceptors
  const made = factories.map((make) => {
    const interceptors = make()
    checkMade(interceptors, 'workflows', ['inbound', 'outbound', 'internals'])
    return interceptors
  })
  return {
    inbound: made.flatMap(({ inbound = [] }) => inbound), outbound: made.flatMap(({ outbound = [] }) => outbound),
    internals: made.flatMap(({ internals = [] }) => internals),
  }
}

export function execute(
  { inbound = [] }: WorkflowInterceptors, fn: (...args: readonly unknown[]) => Promise<unknown>, args: readonly unknown[],
  headers: () => Headers,
): Promise<unknown> {
  if (inbound.length === 0) return fn(...args)
  return composeInterceptors(inbound, 'execute', async (input) => fn(...input.args))({ args: [...args], headers: headers() })
}

export async function handleSignal({ inbound = [] }: WorkflowInterceptors, { name, args, headers, run }: Call): Promise<void> {
  if (inbound.length === 0) return void await run(args)
  const next = async (input: { readonly args: unknown[] }): Promise<void> => void await run(input.args)
  await composeInterceptors(inbound, 'handleSignal', next)({ signalName: name, args: [...args], headers: headersOf(headers) })
}

export async function handleUpdate({ inbound = [] }: WorkflowInterceptors, updateId: string, call: Call): Promise<unknown> {
  const { name, args, headers, run } = call
  if (inbound.length === 0) return run(args)
  const next = async (input: { readonly args: unknown[] }): Promise<unknown> => run(input.args)
  return composeInterceptors(inbound, 'handleUpdate', next)({ updateId, name, args: [...args], headers: headersOf(headers) })
}

export function validateUpdate({ inbound = [] }: WorkflowInterceptors, updateId: string, call: Call): void {
  const { name, args, headers, validate } = call
  // As on Temporal, nobody is asked where there is nothing to validate with.
  if (validate === undefined) return
  if (inbound.length === 0) return validate(args)
  const composed = composeInterceptors(inbound, 'validateUpdate', (input) => validate(input.args))
  composed({ updateId, name, args: [...args], headers: headersOf(headers) })
}

export function handleQuery(
  { inbound = [] }: WorkflowInterceptors, queryName: string,
  { args, headers }: { readonly args: readonly unknown[]; readonly headers: Headers }, answer: (args: readonly unknown[]) => unknown,
): unknown {
  if (inbound.length === 0) return answer(args)
  const next = async (input: { readonly args: unknown[] }): Promise<unknown> => answer(input.args)
  return composeInterceptors(inbound, 'handleQuery', next)({ queryId: '', queryName, args: [...args], headers })
}

function headersOf(stored: Call['headers']): Headers {
  return decodeHeaders(stored)
}
