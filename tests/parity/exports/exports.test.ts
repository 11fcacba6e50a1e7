import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { catalogue } from './catalogue.ts'
import { differing } from './differing.ts'
import { exceptions } from './exceptions.ts'
import { notYet } from './not-yet.ts'
import { pageOf, pagePath } from './page.ts'

const entries = catalogue()
const nameOf = (entry: { readonly package: string; readonly name: string }) => `${entry.package}.${entry.name}`

test('every name that Temporal\'s packages export is here, or stands among the exceptions', () => {
  assert.ok(entries.length > 600, `only ${entries.length} names were found`)
  const missing = entries.filter(({ place, reason }) => place === undefined && reason === undefined).map(nameOf)
  assert.deepEqual(missing.filter((name) => !notYet.includes(name)), [], 'add them, or say in exceptions.ts why not')
})

test('no name is missed that is here', () => {
  const here = entries.filter(({ place }) => place !== undefined)
  assert.deepEqual(here.filter((entry) => notYet.includes(nameOf(entry))).map(nameOf), [], 'take them out of not-yet.ts')
  assert.deepEqual(here.filter(({ reason }) => reason !== undefined).map(nameOf), [], 'take them out of exceptions.ts')
})

test('every exception is one', () => {
  for (const { names, of } of exceptions) {
    for (const given of names) {
      const hits = entries.filter((entry) => (of ?? entry.package) === entry.package
        && (typeof given === 'string' ? given === entry.name : given.test(entry.name)))
      assert.ok(hits.length > 0, `no package of Temporal's exports ${String(given)}: take it out of exceptions.ts`)
    }
  }
})

test('what is here takes what Temporal\'s takes and gives what it gives, or it is said how it differs', () => {
  const untold = entries.filter(({ place, agreement, how }) => place !== undefined && agreement !== 'same' && how === undefined)
  const told = untold.map((entry) => `${nameOf(entry)}: ${entry.problems.join('\n')}`)
  assert.deepEqual(told, [], 'mend them, or say in differing.ts how they differ')
})

test('every text about a name that differs is needed', () => {
  const told = Object.keys(differing).filter((key) => !entries.some((entry) => {
    return (key === entry.name || key === nameOf(entry)) && entry.place !== undefined && entry.agreement !== 'same'
  }))
  assert.deepEqual(told, [], 'take them out of differing.ts')
})

test('the workflows and activities of the scenarios compile with the types of Perdure in place of Temporal\'s', () => {
  const project = join(import.meta.dirname, '../perdure.tsconfig.json')
  const tsc = join(import.meta.dirname, '../../../node_modules/typescript/bin/tsc')
  const { stdout, status } = spawnSync(process.execPath, [tsc, '--pretty', 'false', '-p', project], { encoding: 'utf8' })
  assert.equal(stdout, '')
  assert.equal(status, 0)
})

test('docs/temporal-parity.md is current', () => {
  assert.equal(readFileSync(pagePath, 'utf8'), pageOf(entries), 'write it anew: npm run parity -- --page')
})
