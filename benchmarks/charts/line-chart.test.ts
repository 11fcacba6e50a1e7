import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linearAxis, logarithmicAxis, shortNumber } from './axis.ts'
import { drawLineChart } from './line-chart.ts'

test('a linear axis begins at zero and ends at a round number above the largest value', () => {
  assert.deepEqual(linearAxis([3, 87]).ticks, [0, 50, 100])
  assert.deepEqual(linearAxis([0.9]).ticks, [0, 0.5, 1])
  assert.deepEqual(linearAxis([400]).ticks, [0, 100, 200, 300, 400])
  assert.equal(linearAxis([87]).place(50), 0.5)
})

test('on a logarithmic axis equal ratios are equally far apart', () => {
  const axis = logarithmicAxis([1_000, 10, 100, 10])
  assert.deepEqual(axis.ticks, [10, 100, 1_000])
  assert.deepEqual(axis.ticks.map((tick) => Math.round(axis.place(tick) * 100)), [0, 50, 100])
  assert.equal(logarithmicAxis([7]).place(7), 0.5)
})

test('large numbers are written short', () => {
  assert.deepEqual([0.25, 1_234, 12_345, 1_500_000].map(shortNumber), ['0.25', '1,230', '12.3 k', '1.5 M'])
})

test('a chart has a line and a mark for each point, and its texts are escaped', () => {
  const svg = drawLineChart({
    title: 'a < b & c', xLabel: 'x', yLabel: 'y', scale: 'logarithmic',
    lines: [{ name: 'one', points: [{ x: 1, y: 1 }, { x: 10, y: 2 }] }, { name: 'two', points: [{ x: 1, y: 4 }] }],
  })
  assert.equal(svg.match(/<path /g)?.length, 2)
  assert.equal(svg.match(/<circle /g)?.length, 3)
  assert.match(svg, /a &lt; b &amp; c/)
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/)
})

test('of two numbers at one place the higher stands above its mark and the lower below', () => {
  const svg = drawLineChart({
    title: 'Rates', xLabel: 'in flight', yLabel: 'rate', scale: 'logarithmic',
    lines: [
      { name: 'one', points: [{ x: 1, y: 10 }, { x: 10, y: 50 }, { x: 100, y: 70 }] },
      { name: 'two', points: [{ x: 1, y: 20 }, { x: 10, y: 40 }] },
    ],
  })
  const marks = [...svg.matchAll(/cy="([\d.]+)".*\n<text .*y="([\d.]+)"/g)]
  assert.deepEqual(marks.map(([, mark, label]) => Number(label) < Number(mark)), [false, true, true, true, false])
})
