/** The list of statements is derived, and one that nobody issues is told. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { uncovered } from './coverage.ts'
import { registeredStatements, scatteredTexts } from './statement-registry.ts'
import { nameOfText } from './tap-order.ts'

for (const store of ['sqlite', 'postgres'] as const) {
  describe(`statements of ${store}`, () => {
    test('are all told when nothing is issued: each of a file, and each text beside the files', async () => {
      const told = await uncovered(store, new Map())
      for (const { file, name } of await registeredStatements(store)) assert.ok(told.includes(`${store}/${file}: ${name}`), name)
      assert.ok(scatteredTexts(store).length >= 10)
      assert.ok(told.some(line => line.startsWith(store === 'sqlite' ? 'sqlite/process-lock.ts:' : 'postgres/postgres-notifier.ts:')))
    })

    test('are told one by one when they alone are missing', async () => {
      const names = (await registeredStatements(store)).map(({ name }) => name)
      const others = ['select-from-select-x-run-id', 'select-x-run-id-x', 'select-count-as-total-from-select',
        'select-count-as-total-from-perdure', ...scatteredTexts(store).map(({ beginning }) => nameOfText(beginning, {}))]
      assert.deepEqual(await uncovered(store, new Map([['all', [...names, ...others]]])), [])
      for (const missing of names) {
        const told = await uncovered(store, new Map([['all', [...names, ...others].filter(name => name !== missing)]]))
        assert.equal(told.length, 1, missing)
        assert.match(told[0] ?? '', new RegExp(`: ${missing}$`))
      }
    })
  })
}
