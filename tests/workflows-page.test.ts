/** docs/workflows.md and docs/saga.md are run, not believed. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { Engine } from 'perdure'
import { blocksOf } from './support/readme.ts'

process.env['PERDURE_LOG_LEVEL'] ??= 'error'
const root = join(import.meta.dirname, '..')
const pages = ['docs/workflows.md', 'docs/saga.md']
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8')

async function moduleOf(t: TestContext, code: string): Promise<Record<string, never>> {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-page-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'page.ts'), code)
  return await import(pathToFileURL(join(folder, 'page.ts')).href) as Record<string, never>
}

test('the cart of the tour takes items, rejects what has no name, and ends when it is checked out', async (t) => {
  const [code = ''] = blocksOf(textOf('docs/workflows.md'), 'ts')
  const { cart } = await moduleOf(t, code)
  assert.ok(cart !== undefined)
  await using engine = await Engine.open({ database: ':memory:' })
  engine.workflows.register('cart', cart)
  await engine.start()
  const handle = await engine.workflows.start('cart', { workflowId: 'cart-7' })
  assert.equal(await handle.executeUpdate('addItem', { args: ['pen'] }), 1)
  await assert.rejects(handle.executeUpdate('addItem', { args: [''] }), { message: /rejected: An item has a name/ })
  assert.deepEqual(await handle.query('contents'), ['pen'])
  await handle.signal('checkOut')
  assert.deepEqual(await handle.result(), ['pen'])
})

test('the saga of its page undoes the room and the flight when the charge is refused', async (t) => {
  const [code = ''] = blocksOf(textOf('docs/saga.md'), 'ts')
  const activities = ['reserveRoom', 'cancelRoom', 'bookFlight', 'cancelFlight', 'charge']
  const options = "{ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } }"
  const proxy = `interface Trip { readonly id: string }\nconst { ${activities.join(', ')} } = proxyActivities(${options})\n`
  const { bookTrip } = await moduleOf(t, code.replace('\nexport', `\n${proxy}\nexport`))
  assert.ok(bookTrip !== undefined)
  const done: string[] = []
  await using engine = await Engine.open({ database: ':memory:' })
  engine.workflows.register('bookTrip', bookTrip)
  for (const name of activities) {
    engine.activities.register(name, async () => {
      done.push(name)
      if (name === 'charge') throw new Error('refused')
      return name
    })
  }
  await engine.start()
  await assert.rejects(engine.workflows.execute('bookTrip', { args: [{ id: '7' }] }), { message: /refused/ })
  assert.deepEqual(done, ['reserveRoom', 'bookFlight', 'charge', 'cancelFlight', 'cancelRoom'])
})

test('what the pages point to is there', () => {
  for (const page of pages) {
    const links = [...textOf(page).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, path = '']) => path)
    assert.ok(links.length > 0)
    for (const path of links) assert.ok(existsSync(join(root, dirname(page), path)), `${page} points to ${path}`)
  }
})
