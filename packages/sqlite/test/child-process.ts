import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** What process-of-a-test.ts can do. */
export type Task =
  /** Opens the file and starts so many executions, each in a commit of its own; tells each once it is durable. */
  | { readonly do: 'start'; readonly file: string; readonly count: number }
  /** Registers a worker, holds its process lock and stays. */
  | { readonly do: 'hold'; readonly file: string }
  /** Registers a worker, holds its process lock and ends without stopping anything. */
  | { readonly do: 'leave'; readonly file: string }
  /** The same, and ends by process.exit(3). */
  | { readonly do: 'exit'; readonly file: string }
  /** Gives up root, if it is root, and tries to open the file. */
  | { readonly do: 'openAsNobody'; readonly file: string }

export type Told =
  | { readonly type: 'started'; readonly workflowId: string }
  | { readonly type: 'holding'; readonly incarnation: number }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | { readonly type: 'done' }

/** A process that does the task; `listen` gets what it tells. */
export function startProcess(task: Task, listen: (told: Told) => void): ChildProcess {
  const child = fork(join(import.meta.dirname, 'process-of-a-test.ts'), [JSON.stringify(task)], { stdio: 'inherit', execArgv: [] })
  child.on('message', told => listen(told as Told))
  return child
}

/** What a process that did the task wrote to stderr, and how it ended. */
export async function writtenBy(task: Task): Promise<{ readonly stderr: string; readonly code: number | string | null }> {
  const child = fork(join(import.meta.dirname, 'process-of-a-test.ts'), [JSON.stringify(task)], { stdio: 'pipe', execArgv: [] })
  const stderr = child.stderr === null ? '' : await text(child.stderr)
  return { stderr, code: await ended(child) }
}

/** Waits for its end; the exit code, or the signal that killed it. */
export async function ended(child: ChildProcess): Promise<number | string | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode ?? child.signalCode
}

/** All that a process told until it ended. */
export async function toldBy(task: Task): Promise<{ readonly told: readonly Told[]; readonly code: number | string | null }> {
  const told: Told[] = []
  const child = startProcess(task, one => told.push(one))
  return { code: await ended(child), told }
}
