import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { fileSettings } from './file-settings.ts'
import { readYaml } from './yaml-tree.ts'

const example = readFileSync(join(import.meta.dirname, '../../../../examples/configuration/perdure.yaml'), 'utf8')
const pieces = [
  '\n', '  ', ': ', '- ', '[', '}', '"', '${', '}', '${X}', '$$', '*a', '&a ', '!!', 'null', '0', '-1', 'worker', 'queues', 'url:', '\t',
  '#', '? ',
]

/** The example with a few of its parts cut out, and others put in. */
const cut = fc.tuple(fc.nat(example.length), fc.nat(40), fc.constantFrom(...pieces))
const damaged = fc.array(cut, { minLength: 1, maxLength: 5 }).map((cuts) => {
  return cuts.reduce((text, [at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length), example)
})

test('whatever the file holds, it is settings, or problems that each have a place in it', () => {
  fc.assert(fc.property(fc.oneof(damaged, fc.string({ unit: fc.constantFrom(...pieces, 'a') })), (text) => {
    const lines = text.split('\n')
    const yaml = readYaml(text)
    const places = yaml.type === 'broken' ? [yaml.at] : fileSettings(yaml.tree, {}).problems.map(({ at }) => at)
    for (const at of places) {
      assert.ok(at !== undefined)
      assert.ok(at.line >= 1 && at.line <= lines.length, `line ${at.line} of ${lines.length}`)
      assert.ok(at.column >= 1 && at.column <= (lines[at.line - 1] ?? '').length + 1, `column ${at.column} of ${lines[at.line - 1]}`)
    }
  }), { numRuns: 500 })
})
