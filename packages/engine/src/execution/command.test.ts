import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logLine } from './command.ts'

test('what code does with the attributes of a line after logging it does not change the line', () => {
  const attributes = { step: 1 }
  const line = logLine('INFO', 'begins', attributes)
  attributes.step = 2
  assert.deepEqual(line, { level: 'INFO', message: 'begins', attributes: { step: 1 } })
})

test('an error in place of attributes is one of them', () => {
  const error = new Error('broke')
  assert.equal(logLine('ERROR', 'why', error as never).attributes?.['error'], error)
})
