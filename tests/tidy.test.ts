/**
 * The style guide as a test: who may import whom, sizes, names, and what is not used here. Each failure says what to do
 * instead. The rules lie in tests/tidy/, with tests of their own on made-up bad input.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { dependencyListRule, lockRule } from './tidy/dependencies.ts'
import { errorCodeRule } from './tidy/error-codes.ts'
import { dependencyRule, fileCycleRule, importTableRule, packageCycleRule, purePartsRule, workerLayersRule } from './tidy/imports.ts'
import { anyRule, defaultExportRule, exportStarRule, onlyRule, parsesRule, skipRule } from './tidy/language.ts'
import { bannedNameRule, interfacePrefixRule, kebabCaseRule } from './tidy/names.ts'
import { clockAndRandomRule, sqlRule } from './tidy/purity.ts'
import { readRepository } from './tidy/repository-file.ts'
import { type Exception, report, type Rule } from './tidy/rule.ts'
import { fileSizeRule, functionSizeRule, lineLengthRule } from './tidy/sizes.ts'
import { sqlAgeRule } from './tidy/sql-age.ts'
import { machinePathRule, registryHostRule } from './tidy/text.ts'

/** Debts, in plain sight: `rule` is the name of the rule. Each needs a reason, and goes when it is paid. */
const exceptions: readonly Exception[] = []

const rules: readonly Rule[] = [
  parsesRule,
  importTableRule, dependencyRule, purePartsRule, workerLayersRule, fileCycleRule, packageCycleRule,
  clockAndRandomRule, sqlRule, sqlAgeRule,
  fileSizeRule, functionSizeRule, lineLengthRule,
  bannedNameRule, kebabCaseRule, interfacePrefixRule,
  defaultExportRule, exportStarRule, anyRule, onlyRule, skipRule,
  machinePathRule, registryHostRule, lockRule, dependencyListRule, errorCodeRule,
]

const files = readRepository(join(import.meta.dirname, '..'))

test('the repository is where the rules look', () => {
  for (const path of ['package.json', 'packages/engine/src/ports/store.ts', 'packages/workflow/src/host.ts']) {
    assert.ok(files.some((file) => file.path === path), `${path} was not read`)
  }
})

for (const rule of rules) {
  test(rule.name, () => {
    const known = exceptions.filter((exception) => exception.rule === rule.name)
    const found = rule.check(files)
    const open = found.filter((violation) => !known.some((exception) => exception.path === violation.path))
    const paid = known.filter((exception) => !found.some((violation) => violation.path === exception.path))
    if (open.length > 0) assert.fail(`\n${open.map(report).join('\n')}`)
    assert.deepEqual(paid.map((exception) => exception.path), [], 'These exceptions are not needed any more; take them out.')
  })
}

test('every exception names a rule and gives a reason', () => {
  for (const exception of exceptions) {
    assert.ok(rules.some((rule) => rule.name === exception.rule), `no rule is called "${exception.rule}"`)
    assert.match(exception.reason, /\w+ \w+/, `${exception.path} needs a reason`)
  }
})
