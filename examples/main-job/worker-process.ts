/** Worker processes: started, killed, and never left behind. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface WorkerProcess {
  readonly name: string
  readonly pid: number
  /** kill -9, and wait until it is dead. */
  kill(): Promise<void>
  /** Lets it end what it is doing. */
  stop(): Promise<void>
}

export interface WorkerSettings {
  readonly name: string
  readonly database: string
  readonly log: string
  readonly paceMs: number
  /** Called when it ends by itself. */
  onLost(reason: string): void
}

export async function startWorker({ name, database, log, paceMs, onLost }: WorkerSettings): Promise<WorkerProcess> {
  const env = { ...process.env, ORDERS_LOG: log, ORDERS_WORKER: name, ORDERS_PACE_MS: String(paceMs), PERDURE_LOG_LEVEL: 'error' }
  const child = fork(join(import.meta.dirname, 'worker.ts'), [database], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const killHard = () => child.kill('SIGKILL')
  process.once('exit', killHard)
  let expected = false
  child.once('exit', (code, signal) => {
    process.off('exit', killHard)
    if (!expected) onLost(`worker ${name} ended by itself (${signal ?? `exit code ${code}`})`)
  })
  await ready(child, name)
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    expected = true
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  return { name, pid: child.pid ?? 0, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
}

async function ready(child: ChildProcess, name: string): Promise<void> {
  const giveUp = new AbortController()
  try {
    const ended = once(child, 'exit', { signal: giveUp.signal }).then(() => {
      throw new Error(`worker ${name} ended before it was ready`)
    })
    await Promise.race([once(child, 'message', { signal: giveUp.signal }), ended])
  } finally {
    giveUp.abort()
  }
}
