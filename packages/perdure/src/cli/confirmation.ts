/** A question at a terminal before something that cannot be undone. */
import { createInterface } from 'node:readline/promises'
import { CliError } from './cli-error.ts'

export interface Terminal {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}

const ofProcess: Terminal = { input: process.stdin, output: process.stderr }

/**
 * Goes on after yes. Whatever else comes, Ctrl-C and Ctrl-D included, is a no.
 * @throws CliError NOT_CONFIRMED
 */
export async function confirm(question: string, { input, output }: Terminal = ofProcess): Promise<void> {
  const dialogue = createInterface({ input, output, terminal: true })
  const interrupted = new Promise<null>((resolve) => dialogue.once('SIGINT', () => resolve(null)))
  // Ctrl-D closes the dialogue, which fails the question.
  const answered = dialogue.question(`${question} [y/N] `).catch(() => undefined)
  try {
    const answer = await Promise.race([interrupted, answered])
    if (/^y(es)?$/i.test((answer ?? '').trim())) return
    if (typeof answer !== 'string') output.write('\n')
    throw refusal(answer === null)
  } finally {
    dialogue.close()
  }
}

function refusal(isInterrupted: boolean): CliError {
  const error = new CliError('NOT_CONFIRMED', 'Nothing was terminated; answer y, or give --yes')
  if (isInterrupted) error.exitCode = exitInterrupted
  return error
}

/** As a shell's own commands end at Ctrl-C. */
export const exitInterrupted = 130
