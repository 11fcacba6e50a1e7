import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRegistry, type ActivityCompletionClient } from '@perdure/engine'
import { activitiesOf } from './registration.ts'

async function charge(): Promise<void> {}

const refused = async (): Promise<never> => assert.fail('nothing is completed here')
const nobody: ActivityCompletionClient = { complete: refused, fail: refused, heartbeat: refused, reportCancellation: refused }

function registering() {
  const registry = createRegistry()
  return { registry, activities: activitiesOf(registry, nobody, () => {}) }
}

test('the functions of a module go by the names of its exports; all else is passed over', () => {
  const { registry, activities } = registering()
  class Refused extends Error {}
  activities.register({ charge, alias: charge, Refused, limit: 5, default: charge })
  assert.deepEqual(registry.activityTypes(), ['alias', 'charge'])
  activities.register('by name', charge)
  assert.equal(registry.activity('by name'), charge)
})

test('what has no functions is refused with what to pass', () => {
  const { activities } = registering()
  const wrong = [charge, null, 7, undefined, { limit: 5 }, { Only: Error }]
  for (const given of wrong) {
    assert.throws(() => activities.register(given as never), { code: 'REGISTRATION_INVALID', message: /import \* as activities/ })
  }
  class Payments {
    readonly limit = 5
    async charge(): Promise<void> {}
  }
  const told: [unknown, RegExp][] = [
    [[charge], /a list was passed/], [{}, /an empty object or module was passed/], [Object.create(null), /an empty object or module/],
    [new Payments(), /an instance of Payments .* \{ charge: \(\.\.\.args\) => instance\.charge\(\.\.\.args\) \}/],
    [{ limit: 5, url: '' }, /no function among limit, url/],
  ]
  for (const [given, message] of told) {
    assert.throws(() => activities.register(given as never), { code: 'REGISTRATION_INVALID', message })
  }
  assert.throws(() => activities.register('name', undefined as never), { code: 'REGISTRATION_INVALID', message: /'name'/ })
  assert.throws(() => activities.register('', charge), { code: 'REGISTRATION_INVALID' })
})

test('a name that no database stores is refused, and nothing that came with it is registered', () => {
  const { registry, activities } = registering()
  for (const name of ['', 'a\0b', 'x'.repeat(1_001), '\ud800']) {
    const told = { code: 'ID_INVALID', message: /name in engine\.activities\.register\(\)/ }
    assert.throws(() => activities.register({ charge, [name]: charge }), told)
    if (name !== '') assert.throws(() => activities.register(name, charge), { code: 'ID_INVALID' })
  }
  assert.deepEqual(registry.activityTypes(), [])
})
