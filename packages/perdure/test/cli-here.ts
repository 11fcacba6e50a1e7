/** The program in this process: for many small cases, and no process for each. What it is as a process, other tests show. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { main } from '../src/cli/main.ts'
import { foreignVariable, type RunSettings } from './cli-process.ts'

export interface EndedHere {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

type Settings = Pick<RunSettings, 'cwd' | 'env'>

type Mocking = Pick<TestContext, 'mock'>

export async function runHere(t: Mocking, args: readonly string[], { cwd, env = {} }: Settings): Promise<EndedHere> {
  const [home, before] = [process.cwd(), { ...process.env }]
  process.chdir(cwd)
  for (const name of Object.keys(process.env).filter((each) => foreignVariable.test(each))) delete process.env[name]
  Object.assign(process.env, env)
  try {
    const { value, ...written } = await captured(t, () => main(args))
    return { code: value, ...written }
  } finally {
    process.chdir(home)
    process.env = before
  }
}

/** What is written meanwhile. */
export async function captured<T>(t: Mocking, use: () => Promise<T>): Promise<Omit<EndedHere, 'code'> & { readonly value: T }> {
  const [stdout, stderr] = [process.stdout, process.stderr].map((stream) => {
    const written: string[] = []
    const original = stream.write.bind(stream)
    // Buffers are what the test runner tells of the tests.
    const write = t.mock.method(stream, 'write', (chunk: string | Uint8Array) => (
      typeof chunk === 'string' ? written.push(chunk) > 0 : original(chunk)))
    return { text: () => written.join(''), restore: () => write.mock.restore() }
  })
  try {
    return { value: await use(), stdout: stdout?.text() ?? '', stderr: stderr?.text() ?? '' }
  } finally {
    stdout?.restore()
    stderr?.restore()
  }
}

/** What it writes to stderr when it ends with 1. */
export async function refused(t: Mocking, args: readonly string[], settings: Settings): Promise<string> {
  const { code, stderr } = await runHere(t, args, settings)
  assert.equal(code, 1)
  return stderr
}
