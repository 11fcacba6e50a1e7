/**
 * Why a type or signature of ours cannot stand for Temporal's in every place, although code that uses it is the same. What
 * the compiler says is told apart by these causes; anything else must be named with its own text.
 */

export interface Cause {
  readonly how: string
  readonly says: RegExp
}

const ofOwnClass = ['(argsBrand|retBrand)', '#private', '#kept', 'is protected but', 'is private in', 'heartbeatFn'].join('|')

export const causes: readonly Cause[] = [
  { how: 'lists in it are readonly, so that constants may be passed', says: /is 'readonly' and cannot be assigned to the mutable/ },
  { how: 'the same members; what one package makes is not taken by functions of the other', says: new RegExp(ofOwnClass) },
  {
    how: 'functions of any arguments are written with `never[]` and `unknown` in place of `any`',
    says: /Type '(any|unknown\[\])' is not assignable to type 'never'|'never\[\]' is not assignable to type 'Args'/,
  },
  {
    how: 'an option that is not given is left out, and not `undefined`, where the compiler tells these apart',
    says: /Type 'undefined' is not assignable to type '\w*Policy'/,
  },
  {
    how: 'thrown only by the engine: what its constructor takes is another matter',
    says: /Target signature provides too few arguments|Types of parameters 'message' and '(message|code)' are incompatible/,
  },
]

const payloads = 'a payload converter without members of its own: converters are not put together of parts'
const seconds = 'the seconds of `nextRetryDelay` are given as a number, where protobuf has a Long; both are taken'
const namesOnly = 'the names; those that protobuf has beside them are left out'
const ofEngine = 'that of an engine: other members, and the methods of the same names do the same'

/** By package and name, or by name. */
export const differing: Readonly<Record<string, string>> = {
  defaultPayloadConverter: payloads,
  CompositePayloadConverter: 'without the member `converterByEncoding`',
  AsyncLocalStorage: 'a name of it and the statics of Node\'s class are left out',
  CancellationScopeOptions: 'every option may be left out; there is no scope without a parent',
  SignalWorkflowInput: 'ids are texts, where protobuf allows `null`',
  WorkflowInfo: 'values of the deprecated `searchAttributes` are unknown to the compiler; `typedSearchAttributes` knows theirs',
  workflowInfo: 'as `WorkflowInfo`',
  log: 'the levels as methods; no others',
  NotAnActivityMethod: 'a symbol of its own',
  proxyActivities: 'members that are no activities are marked with a symbol of its own',
  proxyLocalActivities: 'members that are no activities are marked with a symbol of its own',
  UnsafeWorkflowInfo: 'without `random`: random numbers of a workflow come from Math.random(), and streams of them from getRandomStream()',
  'activity.asyncLocalStorage': 'run() and getStore() alone',
  'activity.Info': 'lists are readonly; no `workflowNamespace`, which is deprecated there: `namespace` is the same',
  'activity.Context': 'the same members; `activity.getClient()` is an engine',
  'activity.getClient': 'gives the engine of the worker',
  'common.Logger': 'the levels as methods alone: no `log(level, ...)`',
  'client.ActivityOptions': 'those of activities of workflows; there also a type of that name for activities without one',
  'client.WorkflowUpdateRPCTimeoutOrCancelledError': 'its cause may be missing',
  'client.WorkflowStartUpdateWithStartOutput': 'the run id is always there',
  'client.WorkflowQueryInput': 'the condition is a text, where protobuf has a number; lists are readonly',
  'client.QueryRejectCondition': 'a type alone: its values are texts',
  'client.WorkflowHandle': ofEngine,
  'client.WorkflowUpdateHandle': '`workflowRunId` is there, and may be undefined',
  'client.ListOptions': 'filters as fields: `status`, `workflowType` and others, in place of a query',
  'client.WorkflowClient': ofEngine,
  'client.TaskQueueClient': 'limits of task queues, not versions of workers',
  'common.ActivityCancellationDetails': 'is not made from protobuf',
  TypedSearchAttributes: 'statics that deal with protobuf are left out',
  ProtoFailure: `${seconds}; without what Nexus has`,
  'common.FailureConverter': seconds,
  'common.defaultFailureConverter': seconds,
  'common.defaultDataConverter': seconds,
  'common.DefaultFailureConverter': `${seconds}; without what Nexus has. A plain error becomes an ApplicationFailure, as everywhere here`,
  TimeoutType: namesOnly,
  RetryState: namesOnly,
}
