/** Runs a program in a fresh process and gives the one message that it sends. */
import { fork } from 'node:child_process'

/** A process that has not ended by then is killed: nothing hangs. */
const processSecondsMax = 600

/** `program`: a path; it gets the assignment as JSON. */
export function answerOf<T>(program: string, assignment: object, execArgv: readonly string[] = []): Promise<T> {
  const child = fork(program, [JSON.stringify(assignment)], {
    execArgv: [...execArgv], stdio: ['ignore', 'inherit', 'inherit', 'ipc'], timeout: processSecondsMax * 1_000, killSignal: 'SIGKILL',
  })
  return new Promise((resolve, reject) => {
    const answers: T[] = []
    child.on('message', (message) => answers.push(message as T))
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      const [answer] = answers
      if (answer === undefined) reject(new Error(`its process ended early (${signal ?? `exit code ${code}`}); what it said is above`))
      else resolve(answer)
    })
  })
}
