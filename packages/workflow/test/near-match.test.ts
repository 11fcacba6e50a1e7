import assert from 'node:assert/strict'
import { test } from 'node:test'
import { didYouMean, nearMatches, registeredHint, unknownOptionHint } from '@perdure/workflow/host'

const known = ['processOrder', 'processOrders', 'refundOrder', 'charge', 'ping']

test('names that are a few letters away are found, best first', () => {
  assert.deepEqual(nearMatches('procesOrder', known), ['processOrder', 'processOrders'])
  assert.deepEqual(nearMatches('ProcessOrder', known)[0], 'processOrder')
  assert.deepEqual(nearMatches('chagre', known), ['charge'])
  assert.deepEqual(nearMatches('pong', known), ['ping'])
  assert.deepEqual(nearMatches('something', known), [])
})

test('the question is asked only when something is close', () => {
  assert.equal(didYouMean('chrge', known), "; did you mean 'charge'?")
  assert.equal(didYouMean('procesOrder', known), "; did you mean 'processOrder' or 'processOrders'?")
  assert.equal(didYouMean('something', known), '')
})

test('of names that are not registered it says what is: what is near, else all, up to a bound', () => {
  assert.equal(registeredHint('chrge', known), "; did you mean 'charge'?")
  assert.equal(registeredHint('something', ['a', 'b']), '; it has a, b.')
  assert.equal(registeredHint('something', []), '; it has none at all.')
  assert.match(registeredHint('something', Array.from({ length: 30 }, (_, index) => `n${index}`)), /n19, \.\.\.\.$/)
})

test('of unknown options it says whether Temporal has them', () => {
  assert.equal(unknownOptionHint('tiemout', ['timeout']), "; did you mean 'timeout'?")
  assert.equal(unknownOptionHint('other', ['timeout', 'runId']), '; known are timeout, runId')
  assert.match(unknownOptionHint('retry', ['timeout'], ['retry']), /^; Temporal has it, Perdure does not yet/)
})
