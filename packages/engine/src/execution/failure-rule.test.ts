import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CancelledFailure } from '@perdure/workflow'
import { isWorkflowFailure } from './failure-rule.ts'

class Refused extends Error {}
class CardRefused extends Refused {}
const renamed = Object.assign(new Error('no'), { name: 'Refused' })
const code = async (): Promise<void> => {}

for (const [what, error, names, expected] of [
  ['an error of a class that is named', new Refused('no'), ['Refused'], true],
  ['an error whose class stands under one that is named, as on Temporal', new CardRefused('no'), ['Refused'], true],
  ['an error whose class stands above the one that is named', new Refused('no'), ['CardRefused'], false],
  ['an error that only calls itself so, as on Temporal', renamed, ['Refused'], false],
  ['any error by Error', new CardRefused('no'), ['Error'], true],
  ['what is no error by Error', 'a text', ['Error'], true],
  ['what is no error by another name', 'a text', ['Refused'], false],
  ['null', null, ['Refused'], false],
  ['an object without a class', Object.create(null), ['Refused', 'Object'], false],
  ['a failure, whatever is named', new CancelledFailure('no'), [], true],
] as const) {
  test(`${what} ${expected ? 'fails' : 'does not fail'} a workflow`, () => {
    assert.equal(isWorkflowFailure(error, 'order', code, { order: names }), expected)
    assert.equal(isWorkflowFailure(error, 'order', code, { '*': names }), expected)
    if (names.length > 0) assert.equal(isWorkflowFailure(error, 'order', code, { other: names }), false)
  })
}
