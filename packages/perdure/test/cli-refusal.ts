import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { main } from '../src/cli/main.ts'
import { foreignVariable, type RunSettings } from './cli-process.ts'

/** What the program writes to stderr when it ends with 1. In this process: many small cases, and no process for each. */
export async function refused(t: TestContext, args: readonly string[], { cwd, env = {} }: RunSettings): Promise<string> {
  const written: string[] = []
  const write = t.mock.method(process.stderr, 'write', (text: string) => written.push(text) > 0)
  const [home, before] = [process.cwd(), { ...process.env }]
  process.chdir(cwd)
  for (const name of Object.keys(process.env).filter((each) => foreignVariable.test(each))) delete process.env[name]
  Object.assign(process.env, env)
  try {
    assert.equal(await main(args), 1)
  } finally {
    write.mock.restore()
    process.chdir(home)
    process.env = before
  }
  return written.join('')
}
