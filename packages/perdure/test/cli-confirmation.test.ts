import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { CliError } from '../src/cli/cli-error.ts'
import { confirm } from '../src/cli/confirmation.ts'

async function answeredWith(keys: string): Promise<{ readonly error: unknown; readonly shown: string }> {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const answered = confirm('Terminate order-7?', { input, output }).then(() => undefined, (error: unknown) => error)
  input.write(keys)
  const error = await answered
  return { error, shown: String(output.read() ?? '') }
}

test('only yes lets a command go on', async () => {
  for (const keys of ['y\r', 'Y\r', ' yes \r']) assert.equal((await answeredWith(keys)).error, undefined)
  for (const keys of ['\r', 'n\r', 'yesterday\r']) {
    const { error } = await answeredWith(keys)
    assert.ok(error instanceof CliError)
    assert.deepEqual([error.code, error.exitCode], ['NOT_CONFIRMED', 1])
    assert.match(error.message, /^Nothing was terminated/)
  }
})

test('the question says what a bare return means', async () => {
  assert.match((await answeredWith('y\r')).shown, /Terminate order-7\? \[y\/N\] /)
})

test('Ctrl-C and Ctrl-D at a question are a no, and Ctrl-C ends the program as a shell expects', async () => {
  for (const [key, exitCode] of [['\u0003', 130], ['\u0004', 1]] as const) {
    const { error } = await answeredWith(key)
    assert.ok(error instanceof CliError)
    assert.deepEqual([error.code, error.exitCode], ['NOT_CONFIRMED', exitCode])
    assert.match(error.message, /^Nothing was terminated/)
  }
})
