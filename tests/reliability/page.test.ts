import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Outcome, reliabilityPage, renewedPage } from './page.ts'
import { searches } from './searches.ts'

const outcomeOf = (said: string, held = true) => (search: (typeof searches)[number]): Outcome => ({
  search, command: 'node it', said: [said], held, seconds: 7,
})

test('a search that is run again alone is told anew, and nothing else of the page is', () => {
  const before = reliabilityPage(searches.map(outcomeOf('as before')), 'nightly', 'aaaaaaa, 2026-01-30')
  for (const search of searches) {
    const given = searches.map((each) => outcomeOf(each === search ? 'anew' : 'as before', each !== search)(each))
    const whole = reliabilityPage(given, 'nightly', 'aaaaaaa, 2026-01-30')
    const renewed = renewedPage(before, given.filter((each) => !each.held), 'nightly', 'bbbbbbb, 2026-01-31')
    assert.equal(renewed, whole.replace('failed** (7 s; aaaaaaa, 2026-01-30)', 'failed** (7 s; bbbbbbb, 2026-01-31)'))
  }
  assert.equal(renewedPage(before, [], 'nightly', ''), before)
})

test('what is no page of the same amount is left alone', () => {
  const page = reliabilityPage(searches.map(outcomeOf('as before')), 'ci', 'aaaaaaa, 2026-01-30')
  const outcomes = searches.slice(0, 1).map(outcomeOf('anew'))
  assert.equal(renewedPage(page, outcomes, 'nightly', ''), undefined)
  assert.equal(renewedPage(reliabilityPage([], 'ci', ''), outcomes, 'ci', ''), undefined)
  assert.equal(renewedPage('', outcomes, 'ci', ''), undefined)
})
