/** Signals and cancel requests to other executions that were not answered yet. */
import { ApplicationFailure, CancelledFailure, type Headers } from '@perdure/workflow'
import type { PendingCommand } from '@perdure/workflow/host'
import type { ExternalEnd } from '../protocol/event.ts'
import type { CommandNumber } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import { withoutFrames } from '../protocol/user-stack.ts'
import type { Issuing } from './issuing.ts'
import type { CommandNumbers, ExternalRequest, ExternalTarget } from './pending-commands.ts'
import { SeldomMap } from './seldom.ts'

export class ExternalRequests {
  readonly pending = new SeldomMap<CommandNumber, ExternalRequest>()
  readonly #issuing: Issuing
  readonly #numbers: CommandNumbers

  constructor(issuing: Issuing, numbers: CommandNumbers) {
    this.#issuing = issuing
    this.#numbers = numbers
  }

  signal(target: ExternalTarget, signalName: string, args: readonly unknown[], headers: Headers | undefined): PendingCommand<void> {
    this.#issuing.requireActivation(`signal '${signalName}' was sent to workflow '${target.workflowId}'`)
    const input = this.#issuing.values.encodeArguments(args, `signal '${signalName}'`)
    return this.#ask('signal', target, `signal '${signalName}' to another workflow`, signalName, input, headers)
  }

  cancel(target: ExternalTarget): PendingCommand<void> {
    this.#issuing.requireActivation(`the cancellation of workflow '${target.workflowId}' was requested`)
    return this.#ask('cancel', target, 'cancel request to another workflow', '', '' as Payload, undefined)
  }

  withdraw(command: CommandNumber): void {
    const request = this.pending.get(command)
    if (request === undefined || request.activation !== this.#issuing.activation) return
    this.#issuing.requireActivation(`signal '${request.signalName}' was cancelled`)
    this.#issuing.withdraw(command)
    this.#issuing.settleLater(() => {
      if (!this.pending.delete(command)) return
      request.answer.reject(withoutFrames(() => new CancelledFailure('Signal was cancelled before being sent')))
    })
  }

  apply(event: ExternalEnd): void {
    const request = this.pending.get(event.command)
    const kind = 'signalName' in event ? 'signal' : 'cancel'
    if (request === undefined || request.kind !== kind) {
      throw this.#issuing.mismatch(`${event.type} for command ${event.command}`, event.command)
    }
    this.pending.delete(event.command)
    switch (event.type) {
      case 'ExternalWorkflowExecutionSignaled':
      case 'ExternalWorkflowExecutionCancelRequested':
        return request.answer.resolve()
      case 'SignalExternalWorkflowExecutionFailed':
        return request.answer.reject(notFound('Unable to signal external workflow because it was not found'))
      case 'RequestCancelExternalWorkflowExecutionFailed':
        return request.answer.reject(notFound('Unable to cancel external workflow because not found'))
    }
  }

  #ask(
    kind: ExternalRequest['kind'], target: ExternalTarget, description: string, signalName: string, input: Payload,
    headers: Headers | undefined,
  ): PendingCommand<void> {
    const { time, activation } = this.#issuing
    const command = this.#numbers.next(description)
    const answer = Promise.withResolvers<void>()
    const request: ExternalRequest = { command, kind, target, signalName, input, headers, initiatedAt: time, activation, answer }
    this.pending.set(command, request)
    this.#issuing.issue({ type: 'AskExternalWorkflow', command, request })
    return { command, settled: answer.promise }
  }
}

function notFound(message: string): Error {
  return withoutFrames(() => ApplicationFailure.create({ message, type: 'ExternalWorkflowExecutionNotFound' }))
}
