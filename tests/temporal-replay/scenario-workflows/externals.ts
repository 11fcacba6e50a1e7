import { CancellationScope, condition, defineSignal, getExternalWorkflowHandle, setHandler, workflowInfo } from '@temporalio/workflow'
import { describedError } from '../../parity/described-error.ts'

export const word = defineSignal<[string]>('word')

async function tried(fn: () => Promise<unknown>): Promise<unknown> {
  try {
    return { value: (await fn()) ?? null }
  } catch (error) {
    return { error: describedError(error) }
  }
}

/** Waits for words and gives them, sorted: signals that are sent together come in any order. */
export async function listener(count: number): Promise<readonly string[]> {
  const words: string[] = []
  setHandler(word, (text) => { words.push(text) })
  await condition(() => words.length >= count)
  return [...words].sort()
}

export async function signalsOther(workflowId: string, runId?: string): Promise<unknown> {
  return tried(() => getExternalWorkflowHandle(workflowId, runId).signal(word, 'hello'))
}

export async function cancelsOther(workflowId: string, runId?: string): Promise<unknown> {
  return tried(() => getExternalWorkflowHandle(workflowId, runId).cancel())
}

export async function signalsItself(): Promise<unknown> {
  const words: string[] = []
  setHandler(word, (text) => { words.push(text) })
  const answer = await tried(() => getExternalWorkflowHandle(workflowInfo().workflowId).signal(word, 'me'))
  return [answer, words]
}

export async function cancelsItself(): Promise<unknown> {
  const log: unknown[] = []
  await tried(async () => {
    log.push(await tried(() => getExternalWorkflowHandle(workflowInfo().workflowId).cancel()))
    log.push(await tried(() => condition(() => false, '2 seconds')))
  })
  return log
}

/** Withdraws a signal in the activation that sends it, and one in a cancelled scope. */
export async function withdraws(workflowId: string): Promise<unknown> {
  const log: unknown[] = []
  const scope = new CancellationScope()
  const sent = scope.run(() => tried(() => getExternalWorkflowHandle(workflowId).signal(word, 'one')))
  scope.cancel()
  log.push(await sent)
  log.push(await tried(() => scope.run(() => getExternalWorkflowHandle(workflowId).signal(word, 'two'))))
  log.push(await tried(() => scope.run(() => getExternalWorkflowHandle(workflowId).cancel())))
  return log
}

/** Sends without waiting, then ends. */
export async function signalsAtItsEnd(workflowId: string): Promise<string> {
  void getExternalWorkflowHandle(workflowId).signal(word, 'last')
  return 'gone'
}

/** Sends several at once. */
export async function signalsOften(workflowId: string): Promise<readonly unknown[]> {
  const handle = getExternalWorkflowHandle(workflowId)
  return Promise.all(['a', 'b', 'c'].map((text) => tried(() => handle.signal(word, text))))
}
