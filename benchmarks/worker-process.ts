/** S5, S7 and the memory of S6: a worker in a process of its own. It ends when its parent does, or is killed. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { adapterOf } from './adapters.ts'
import type { EngineName, Target } from './engine-adapter.ts'
import { flagsOf } from './node-flags.ts'
import type { ScenarioName } from './scenario.ts'

export interface Work {
  readonly engine: EngineName
  readonly target: Target
  readonly scenario: ScenarioName
}

export interface WorkerProcess {
  readonly pid: number
  /** Most that it had resident so far. */
  peakMiB(): Promise<number>
  /** As a crash would. */
  kill9(): Promise<void>
}

const answerMsMax = 10_000

if (import.meta.main) {
  const { engine, target, scenario } = JSON.parse(process.argv[2] ?? '') as Work
  process.once('disconnect', () => process.exit(0))
  await (await adapterOf(engine)).openWorker(target, scenario)
  process.on('message', () => process.send?.(process.resourceUsage().maxRSS / 1_024))
  process.send?.('ready')
}

/** Resolves when the worker is ready. */
export async function startWorkerProcess(work: Work, environment: Readonly<Record<string, string>> = {}): Promise<WorkerProcess> {
  const child = fork(import.meta.filename, [JSON.stringify(work)], {
    execArgv: flagsOf(work.engine), env: { ...process.env, ...environment }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`a worker ended early (${signal ?? `exit code ${code}`})`)))
  })
  if (child.pid === undefined) throw new Error('a worker process has no id')
  return {
    pid: child.pid,
    peakMiB: async () => {
      const answer = once(child, 'message', { signal: AbortSignal.timeout(answerMsMax) })
      child.send('peak')
      return (await answer)[0] as number
    },
    kill9: async () => {
      child.kill('SIGKILL')
      await gone
    },
  }
}
