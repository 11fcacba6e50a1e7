/**
 * Where Perdure answers otherwise than a Temporal server, on purpose: the table of docs/temporal-parity.md, and what the
 * comparison allows. Everything else must be the same.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sameWords } from './wording.ts'

export type Changes = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export interface Difference {
  readonly about: string
  readonly temporal: string
  readonly perdure: string
  readonly why: string
  /** What it changes in the answers of scenarios: paths in the recorded answers, and what stands there on Perdure. */
  readonly changes?: Changes
  /** What it changes in all answers, recorded and ours. */
  readonly apply?: (value: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
}

/** At such a path there is nothing. */
export const absent = '<absent>'

const declared = JSON.parse(readFileSync(join(import.meta.dirname, 'declared.json'), 'utf8')) as Readonly<Record<string, Changes>>

/** Of the declared answers; each is one of a scenario that was looked at. */
function changesOf(key: string): Changes {
  const changes = declared[key]
  if (changes === undefined) throw new Error(`declared.json says nothing of ${key}`)
  return changes
}

const clientErrors = [
  'WorkflowFailedError', 'WorkflowNotFoundError', 'WorkflowUpdateFailedError', 'QueryNotRegisteredError',
  'WorkflowExecutionAlreadyStartedError',
]

export const differences: readonly Difference[] = [
  {
    about: 'A plain error that workflow code lets out, such as a TypeError',
    temporal: 'Fails the workflow task, which is tried again: the execution waits for mended code',
    perdure: "Fails the execution, as with Temporal's worker option `workflowFailureErrorTypes: { '*': ['Error'] }`; with `{}` it is held, "
      + 'as on Temporal. The scenarios run with `{}`',
    why: 'An error that nobody caught is an end that whoever waits hears of; what holds an execution is code that cannot go on',
  },
  {
    about: 'Modules of workflow code',
    temporal: 'Each execution has copies of its own, in a sandbox; Node is not there',
    perdure: 'Modules are those of the process: what they keep in variables is shared by all executions, and what a workflow must not '
      + 'use is refused by name (docs/determinism.md)',
    why: 'There is nothing to bundle, and code is debugged as it is written',
  },
  {
    about: 'A turn of workflow code that takes long',
    temporal: 'Fails the workflow task after some seconds',
    perdure: 'Is told of in the log, with its place, and goes on; where it never ends, other workers take over',
    why: 'It runs on the thread that would have to stop it',
  },
  {
    about: 'Types of search attributes',
    temporal: 'Known to the server: a KEYWORD comes back as a KEYWORD, and untyped dates as Date',
    perdure: 'Told from the values where there is no key: `typedSearchAttributes.getAll()` and `describe()` show a KEYWORD as TEXT, and '
      + 'untyped dates are texts; `get(key)` gives what the key says',
    why: 'There is no registry of search attributes to set up first',
  },
  {
    about: '`maximumAttempts: 0` in a retry policy',
    temporal: 'Refused',
    perdure: 'No limit, as if it were left out',
    why: 'It is what a server takes it for',
  },
  {
    about: '`workflowInfo().historyLength` and `historySize`',
    temporal: 'Count the events of the history there',
    perdure: 'Count those that are stored here, which are fewer',
    why: 'They say how much there is to replay',
  },
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
  {
    about: 'Messages of failures that the engine makes',
    temporal: '"Activity cancelled", "Workflow canceled", "by parent close policy", or empty',
    perdure: 'Other words for the same, as in tests/parity/wording.ts',
    why: 'They say what happened to what; their classes, types and causes are the same',
    apply: (value) => {
      const { class: kind, message } = value
      return typeof message === 'string' ? { ...value, message: sameWords(String(kind), message) } : value
    },
  },
  {
    about: 'Events in a history',
    temporal: 'What was asked for has events of its own: TimerStarted, TimerCanceled, ActivityTaskScheduled, ActivityTaskCancelRequested',
    perdure: 'Derived from the events of their ends; those that did not come to an end have none',
    why: 'An event less to write for each activity and timer',
  },
  {
    about: 'Several things that come at once',
    temporal: 'Signals come before updates; promises go on when all timers and results are applied',
    perdure: 'Signals come before updates, too; results come one at a time, and until nothing in the code can go on',
    why: 'What Promise.race gives depends on the order of the history alone, never on what came together',
    changes: changesOf('order'),
  },
  {
    about: 'Children and signals that are asked for in the last activation',
    temporal: 'Stand in the history, and are never carried out',
    perdure: 'Are carried out; then the policy for the close of the parent counts',
    why: 'What is durable happens',
    changes: changesOf('lastWork'),
  },
  {
    about: 'Memo',
    temporal: 'A change of nothing stops the workflow',
    perdure: 'It does nothing',
    why: 'It asks for nothing',
    changes: changesOf('memo'),
  },
  {
    about: 'A workflow that signals or cancels itself',
    temporal: 'ApplicationFailure: not found',
    perdure: 'It gets the signal or the request',
    why: 'It is there',
    changes: changesOf('itself'),
  },
  {
    about: 'Values that JSON has not',
    temporal: 'A Map becomes {}, a function or NaN in a list null, bytes in an object numbers; a function alone breaks the reading of it',
    perdure: 'Refused with a PayloadError that says where in the value it is; in a workflow, as any error of its code',
    why: 'Nothing is lost in silence',
    changes: changesOf('values'),
  },
  {
    about: 'Causes that are plain errors, and values thrown that are no errors',
    temporal: 'TemporalFailure with the message alone; causes of an AggregateError are dropped',
    perdure: 'ApplicationFailure with message and type; the first error of an AggregateError is its cause',
    why: 'More is known of what happened',
    changes: changesOf('causes'),
  },
  {
    about: 'Queries',
    temporal: 'A handler that returns a promise is refused; before the end of a start delay a query is refused',
    perdure: 'A promise that needs nothing from outside is waited for; a query is answered before as well',
    why: 'There is no reason to refuse it',
    changes: changesOf('queries'),
  },
  {
    about: 'What a query handler changes in the state of its workflow, though it should not',
    temporal: 'Kept where the worker has the execution in its cache, else lost',
    perdure: 'The same; and lost where the query comes before the worker has taken the execution up',
    why: 'Such a query is answered from the history at once, without waiting',
    apply: (value) => (/^asked \d+$/.test(String(value['value'])) ? { ...value, value: 'asked' } : value),
  },
  {
    about: 'Starts that are refused',
    temporal: 'ServiceError or TypeError',
    perdure: 'PerdureError with a code; signalWithStart takes the conflict policy FAIL; there is no cronSchedule',
    why: 'Schedules are things of their own',
    changes: changesOf('refusals'),
  },
  {
    about: 'The timeout of a local activity',
    temporal: 'retryState CANCEL_REQUESTED',
    perdure: 'retryState MAXIMUM_ATTEMPTS_REACHED, as of other activities',
    why: 'It was not cancelled',
    changes: changesOf('localTimeouts'),
  },
  {
    about: 'executeUpdateWithStart() with the id of an update of a closed execution, where the id of the execution may not be used again',
    temporal: 'The answer that the update got then',
    perdure: 'WorkflowExecutionAlreadyStartedError',
    why: 'A start that is refused is told',
    changes: changesOf('closedUpdate'),
  },
  {
    about: 'Undefined arguments after all others',
    temporal: 'Given as such: arguments.length counts them',
    perdure: 'Left out; default parameters apply in both, and in both what is undefined in front of others stays so',
    why: 'There is nothing to store',
    changes: changesOf('lastArguments'),
  },
  {
    about: 'Bytes, and what is undefined, among the details of a failure, where there is no payload converter',
    temporal: 'Kept',
    perdure: 'Bytes are left out, and a text in their place says so; what is undefined becomes null',
    why: 'Failures are stored as JSON, to be read by people',
    changes: changesOf('failureDetails'),
  },
  {
    about: 'The cancellation of an activity that no worker has begun',
    temporal: "Has the details ['ACTIVITY_ID_NOT_STARTED']",
    perdure: 'Has none',
    why: 'What was cancelled did nothing yet, and so says nothing',
    changes: changesOf('notBegun'),
  },
  {
    about: 'A signal to an execution whose code cannot go on',
    temporal: 'In its history at once',
    perdure: 'In its inbox, and in its history as soon as its code can go on',
    why: 'Only who runs an execution writes its history',
    changes: changesOf('heldSignal'),
  },
  {
    about: 'A default export among workflows, or an activity called default',
    temporal: 'Runs for every name that there is no other function for',
    perdure: 'Goes by the name of its function; other names are held, or wait for a worker that has them',
    why: 'What a worker can run is known by its names',
  },
  {
    about: 'A plain error of the handler of an update, where such errors are to fail (workflowFailureErrorTypes, failureExceptionTypes)',
    temporal: 'Fails the execution; its documentation says: the update',
    perdure: 'Fails the update; the execution goes on',
    why: 'Who sent the update is told, and nobody else sent it',
  },
  {
    about: 'NondeterminismError or DeterminismViolationError in workflowFailureErrorTypes',
    temporal: 'Such an error fails the execution; so does Error',
    perdure: 'The execution is held, whatever the option says',
    why: 'The work can go on with the right code',
  },
  {
    about: 'An update that comes together with the signal on which the code sets its handler',
    temporal: 'Is handled',
    perdure: 'Is rejected, as where it comes just before the signal',
    why: 'It is judged when its turn comes; before the first activation is over it waits here, too',
  },
  {
    about: 'A timeout of 0',
    temporal: 'None',
    perdure: 'Refused with a PerdureError, but for CancellationScope: leave it out',
    why: 'It may be meant as no time at all',
  },
  {
    about: 'Headers of a run that an interceptor gave none when it continued as new',
    temporal: 'None',
    perdure: 'Those of the run before',
    why: 'What came with the start, such as a trace or a tenant, holds for all that follows it',
  },
  {
    about: 'An activity that no worker of its queue has',
    temporal: 'Each attempt fails with a NotFoundError, and is tried again; a local one throws a ReferenceError',
    perdure: 'It waits for a worker that has it, within its timeouts; the log says so',
    why: 'Nothing was tried; the next deploy may bring it',
  },
  {
    about: 'nextRetryDelay of the failure of a workflow',
    temporal: 'At most the maximumInterval of its retry policy',
    perdure: 'As it says, as it is of activities in both',
    why: 'Who throws it knows best',
  },
  {
    about: 'Handlers of signals that came before setHandler(), where that is called within a CancellationScope',
    temporal: 'Run in that scope, and are cancelled with it',
    perdure: 'Run in the scope of the workflow, as those of later signals do in both',
    why: 'When a signal came makes no difference',
  },
]
