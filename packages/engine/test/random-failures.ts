/** Any failure that the engine knows, with causes; its details are JSON. */
import { array, boolean, constantFrom, jsonValue, letrec, nat, option, record, string } from 'fast-check'
import {
  ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure, RetryState, ServerFailure, TemporalFailure,
  TerminatedFailure, TimeoutFailure, TimeoutType,
} from '@perdure/workflow'

const text = string({ unit: 'grapheme' })
const optionalText = option(text, { nil: undefined })
const retryState = constantFrom(...Object.values(RetryState))
// Through JSON and back: it knows one zero.
const json = jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)))

export const { failure: anyFailure } = letrec<{ failure: TemporalFailure; cause: TemporalFailure | undefined }>((tie) => ({
  cause: option(tie('failure'), { nil: undefined, depthSize: 'small' }),
  failure: record({
    message: text, cause: tie('cause'), type: optionalText, flag: boolean(), details: array(json),
    delay: option(nat(), { nil: undefined }), retryState, timeoutType: constantFrom(...Object.values(TimeoutType)), other: optionalText,
    kind: nat({ max: 6 }),
  }).map(({ message, cause, type, flag, details, delay, retryState, timeoutType, other, kind }) => [
    () => new ApplicationFailure(message, type, flag, details, cause, delay, flag ? 'BENIGN' : undefined),
    () => new CancelledFailure(message, details, cause),
    () => new TerminatedFailure(message, cause),
    () => new TimeoutFailure(message, details[0], timeoutType),
    () => new ActivityFailure(message, type ?? 'charge', other, retryState, other, cause),
    () => new ChildWorkflowFailure(type, other === undefined ? {} : { workflowId: other }, 'order', retryState, cause),
    () => new ServerFailure(message, flag, cause),
  ][kind]?.() ?? new TemporalFailure(message, cause)),
}))
