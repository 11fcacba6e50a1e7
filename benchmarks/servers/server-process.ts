/** A server's process: started, awaited until it answers, stopped. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const readySecondsMax = 90
const stopSecondsMax = 10
const logCharacters = 2_000

export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly folder: string
  readonly environment?: Readonly<Record<string, string>>
  /** Resolves to true when the server answers. */
  readonly isReady: () => Promise<boolean>
}

export interface ServerProcess {
  readonly pid: number
  stop(): Promise<void>
}

export async function startServerProcess({ program, args, folder, environment, isReady }: Command): Promise<ServerProcess> {
  const log = join(folder, 'server.out')
  const out = openSync(log, 'a')
  const child = spawn(program, args, { cwd: folder, env: { ...process.env, ...environment }, stdio: ['ignore', out, out] })
  closeSync(out)
  const killChild = () => void child.kill('SIGKILL')
  process.once('exit', killChild)
  const stop = async () => {
    process.off('exit', killChild)
    await end(child)
  }
  const until = performance.now() + readySecondsMax * 1_000
  while (!(await isReady().catch(() => false))) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined || performance.now() > until) {
      await stop()
      throw new Error(`${program} did not start:\n${readFileSync(log, 'utf8').slice(-logCharacters)}`)
    }
    await delay(100)
  }
  return { pid: child.pid ?? 0, stop }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), stopSecondsMax * 1_000)
  await gone
  clearTimeout(late)
}
