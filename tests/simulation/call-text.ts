/** Calls of the store as a trace shows them. */
import type { ActivityTask, CommitBatch, CommitOutcome, InboxPost, TaskEnd } from '@perdure/engine'

export function callText(name: string, args: readonly unknown[]): string {
  switch (name) {
    case 'commit': return `commit ${batchText(args[0] as CommitBatch)}`
    case 'endTasks': return `endTasks ${(args[0] as readonly TaskEnd[]).map(endText).join(', ')}`
    case 'post': return `post ${(args[0] as readonly InboxPost[]).map(({ type, workflowId }) => `${type} to ${workflowId}`).join(', ')}`
    case 'takeOver':
    case 'retireWorker':
    case 'readTasks':
    case 'readHistory':
    case 'readMessages': return `${name} ${JSON.stringify(args[0])}`
    default: return name
  }
}

export function answerText(name: string, value: unknown): string {
  switch (name) {
    case 'commit': {
      const outcome = value as CommitOutcome
      if (outcome.type === 'fenced') return 'fenced'
      const requests = [...outcome.outgoing ?? []].map(([runId, answers]) => ` ${shortId(runId)}: ${answers.join(' ')}`)
      return `${outcome.starts.map(({ type }) => type).join(' ')} ${outcome.transitions.join(' ')}${requests.join('')}`
    }
    case 'claim': return (value as readonly { execution: { runId: string } }[]).map(({ execution }) => shortId(execution.runId)).join(' ')
    case 'claimTasks': return (value as { tasks: readonly ActivityTask[] }).tasks.map(taskText).join(' ')
    case 'registerWorker':
    case 'endTasks':
    case 'takeOver': return JSON.stringify(value)
    default: return ''
  }
}

function batchText({ incarnation, starts, transitions }: CommitBatch): string {
  const started = starts.map((start) => `start ${start.workflowId} ${shortId(start.runId)}`)
  const written = transitions.map(({ runId, events, consumed, tasks, close, release, outgoing = [], updates = [] }) => [
    shortId(runId), ...events.map(({ seq, type, data }) => `${seq}:${type}${commandText(data)}`),
    ...(consumed.length === 0 ? [] : [`consumed ${consumed.join(',')}`]), ...tasks.map((task) => `row ${taskText(task)}`),
    ...outgoing.map((one) => `${one.type === 'start' ? `starts ${one.start.workflowId}` : `tells ${one.to.workflowId}`} (${one.command})`),
    ...updates.map(({ updateId, stage }) => `${updateId} ${stage}`),
    ...(close === null ? [] : [close.status]),
    ...(release === null ? [] : [`released until ${release.wakeAt} ${release.held?.code ?? ''}`]),
  ].join(' '))
  return `by ${incarnation} [${[...started, ...written].join('; ')}]`
}

function commandText(data: string): string {
  const command = /"command":(\d+)/.exec(data)?.[1]
  return command === undefined ? '' : `(${command})`
}

function taskText({ runId, command, attempt, worker }: ActivityTask): string {
  return `${shortId(runId)}/${command}#${attempt}${worker === null ? '' : ` at ${worker}`}`
}

function endText({ runId, command, attempt, outcome }: TaskEnd): string {
  return `${shortId(runId)}/${command}#${attempt} ${outcome.type === 'post' ? outcome.eventType : outcome.type}`
}

/** Of simulated run ids the end tells them apart. */
function shortId(runId: string): string {
  return `r${Number.parseInt(runId.slice(-4), 16)}`
}
