import assert from 'node:assert/strict'
import { test } from 'node:test'
import { didYouMean, nearMatches } from '@perdure/workflow/host'

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
