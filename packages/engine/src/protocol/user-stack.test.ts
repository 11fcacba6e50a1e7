import assert from 'node:assert/strict'
import { test } from 'node:test'
import { userPlace, userStack, withoutFrames } from './user-stack.ts'

const engine = new URL('../worker/attempts/activity-run.ts', import.meta.url).href
const own = '    at charge (file:///app/activities.ts:5:9)'

test('frames of the engine are left out, those of users stay', () => {
  const stack = [
    'CardDeclined: no\n  really not', own, `    at call (${engine}:153:20)`,
    '    at AsyncLocalStorage.run (node:internal/async_local_storage/async_context_frame:63:14)', `    at async ${engine}:98:5`,
    '    at async main (file:///app/main.ts:7:1)',
  ].join('\n')
  assert.equal(userStack(stack), ['CardDeclined: no\n  really not', own, '    at async main (file:///app/main.ts:7:1)'].join('\n'))
})

test('a stack of users alone, and one of the engine alone, stay as they are', () => {
  for (const stack of [`Error: x\n${own}`, `TypeError: x\n    at call (${engine}:153:20)`, 'Error: x', '', `Error: ${engine}`]) {
    assert.equal(userStack(stack), stack)
  }
})

test('the place of an error is its first frame that is neither of the engine nor of the platform', () => {
  const place = (...frames: readonly string[]): string | undefined => {
    return userPlace(Object.assign(new Error('x'), { stack: ['Error: x', ...frames].join('\n') }))
  }
  const platform = '    at process.processTicksAndRejections (node:internal/process/task_queues:103:5)'
  const frames = [`    at call (${engine}:153:20)`, '    at new Promise (<anonymous>)', platform]
  assert.equal(place(...frames, own), 'charge (file:///app/activities.ts:5:9)')
  assert.equal(place(`    at call (${engine}:153:20)`, platform), undefined)
  assert.equal(place(), undefined)
})

test('an error made without frames has its name and message alone, and the next one has frames', () => {
  assert.equal(withoutFrames(() => new TypeError('x')).stack, 'TypeError: x')
  assert.throws(() => withoutFrames(() => { throw new Error('y') }), /y/)
  assert.match(new Error('z').stack ?? '', /\n\s+at /)
})
