import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { nameOf, neverReached, parseRecording, pointsOf, shareOf } from './points.ts'

const recording = parseRecording('# one\nbegin\nbegin\ninsert\nbegin\nbegin\n# two\ninsert\nbegin\n')

describe('crash points', () => {
  test('are the first, second and last time of a statement, at three moments, where it is issued most often', () => {
    const places = pointsOf('sqlite', recording).filter(point => point.scenario === 'one' && point.moment === 'after')
    assert.deepEqual(places.map(({ statement, place, occurrence }) => [statement, place, occurrence]), [
      ['begin', 'first', 1], ['begin', 'second', 2], ['begin', 'last', 4], ['insert', 'first', 1],
    ])
  })

  test('are one time of a statement in every other scenario', () => {
    const names = pointsOf('sqlite', recording).filter(({ scenario, statement }) => scenario === 'two' && statement === 'begin').map(nameOf)
    assert.deepEqual(names, ['before', 'after', 'unacknowledged'].map(moment => `sqlite/two/begin/first/${moment}`))
  })

  test('of a statement that was not reached anywhere, at one of its moments, it is told', () => {
    const points = pointsOf('sqlite', recording)
    const missed = points.filter(({ statement, moment }) => statement === 'insert' && moment === 'after')
    assert.deepEqual(neverReached(points, []), [])
    assert.deepEqual(neverReached(points, missed.slice(1)), [])
    assert.deepEqual(neverReached(points, missed), ['sqlite/insert/after'])
  })

  test('a share of them is the same each time, and part of the larger shares', () => {
    const points = pointsOf('sqlite', recording)
    assert.deepEqual(shareOf(points, 1).map(nameOf).toSorted(), points.map(nameOf).toSorted())
    assert.equal(shareOf(points, 4).length, Math.ceil(points.length / 4))
    assert.deepEqual(shareOf(points, 2).slice(0, shareOf(points, 4).length), shareOf(points, 4))
  })
})
