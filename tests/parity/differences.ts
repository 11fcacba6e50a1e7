/**
 * Where Perdure answers otherwise than a Temporal server, on purpose: the table of docs/temporal-parity.md, and what the
 * comparison allows. Everything else must be the same.
 */

export interface Difference {
  readonly about: string
  readonly temporal: string
  readonly perdure: string
  readonly why: string
  /** What it changes in the answers of scenarios: a path in the recorded answer, and what stands there on Perdure. */
  readonly changes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** What it changes in all answers, recorded and ours. */
  readonly apply?: (value: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
}

/** At such a path there is nothing. */
export const absent = Symbol('absent')

const clientErrors = [
  'WorkflowFailedError', 'WorkflowNotFoundError', 'WorkflowUpdateFailedError', 'QueryNotRegisteredError',
  'WorkflowExecutionAlreadyStartedError',
]

export const differences: readonly Difference[] = [
  {
    about: 'Errors that a client throws',
    temporal: 'Short messages ("Workflow execution failed"); no codes',
    perdure: 'The same classes, names and causes; the message says what it is about and what to do, `code` is one of docs/errors.md',
    why: 'A message is read by people',
    apply: (value) => {
      if (!clientErrors.includes(String(value['class']))) return value
      const { message: _message, code: _code, ...rest } = value
      return rest
    },
  },
]
