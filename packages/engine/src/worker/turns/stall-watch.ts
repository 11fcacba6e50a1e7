/**
 * Tells where a main thread hangs. Runs in the thread that keeps the lease: an endless loop in workflow code leaves no
 * turn for anything else of its process, not even for its signals.
 */
import { writeSync } from 'node:fs'
import { Session, type Debugger } from 'node:inspector'
import { mainStalledMs, stallToldMs } from '../../limits.ts'

export interface StallWatch {
  /** @param stillMs how long the main thread has not moved */
  look(stillMs: number): void
  close(): void
}

/**
 * To be made while the main thread still moves: it takes part in the connection by which its stack is read.
 * @param closed shared memory of four bytes: 1 once it is closed, see closeStallWatchAtExit
 */
export function createStallWatch(
  closed: Int32Array, tell: (text: string) => void = (text) => void writeSync(2, `${text}\n`),
): StallWatch {
  const session = connected()
  let told = 0
  return {
    look: (stillMs) => {
      if (Atomics.load(closed, 0) === 1) return
      if (stillMs < stallToldMs) {
        told = 0
      } else if (told === 0) {
        told = 1
        if (session === undefined) tell(stalledText(stillMs, 'somewhere: its stack cannot be read.'))
        else findPlace(session, (place) => tell(stalledText(stillMs, place)))
      } else if (told === 1 && stillMs >= mainStalledMs) {
        told = 2
        tell(`perdure: the main thread of process ${process.pid} still hangs: its lease is not renewed any more, other workers take over.`)
      }
    },
    close: () => {
      session?.disconnect()
      Atomics.store(closed, 0, 1)
      Atomics.notify(closed, 0)
    },
  }
}

function connected(): Session | undefined {
  const session = new Session()
  try {
    session.connectToMainThread()
    return session
  } catch {
    return undefined // a Node.js without inspector: the rest of the message is worth having
  }
}

function stalledText(stillMs: number, place: string): string {
  return `perdure: the main thread of process ${process.pid} has not moved for ${Math.round(stillMs / 1_000)} s. It is ${place}\n` +
    '  No workflow, activity or signal handler of this process runs until it returns. Workflow code may not loop without awaiting,\n' +
    `  and long computations of activities belong in a worker thread. If it never returns: kill -9 ${process.pid}`
}

/** Stops the main thread for a moment to read its stack. */
function findPlace(session: Session, found: (place: string) => void): void {
  const urls = new Map<string, string>()
  session.on('Debugger.scriptParsed', ({ params }) => void urls.set(params.scriptId, params.url))
  session.once('Debugger.paused', ({ params }) => {
    session.removeAllListeners('Debugger.scriptParsed')
    session.post('Debugger.resume')
    session.post('Debugger.disable')
    const lines = params.callFrames.map((frame) => frameText(frame, urls)).filter((line) => line !== undefined).slice(0, 5)
    found(lines.length === 0 ? 'outside of JavaScript files.' : `here:\n${lines.join('\n')}`)
  })
  session.post('Debugger.enable')
  session.post('Debugger.pause')
}

function frameText({ functionName, location }: Debugger.CallFrame, urls: ReadonlyMap<string, string>): string | undefined {
  const url = urls.get(location.scriptId) ?? ''
  if (url === '' || url.startsWith('node:')) return undefined
  return `    ${functionName === '' ? '(anonymous)' : functionName} (${url}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1})`
}
