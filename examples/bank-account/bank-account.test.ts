import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Engine } from 'perdure'
import { type Balances, createActivities } from './activities.ts'
import { close, deposit, getBalance, bankAccount, withdraw } from './workflows.ts'

process.env['PERDURE_LOG_LEVEL'] ??= 'error'

describe('bank account', () => {
  it('counts each of many deposits that come at once', async () => {
    const balances: Balances = new Map([['a', 100]])
    await using engine = await Engine.open({ database: ':memory:' })
    engine.workflows.register({ bankAccount })
    engine.activities.register(createActivities(balances))
    await engine.start()
    const handle = await engine.workflows.start(bankAccount, { args: ['a'] })
    await Promise.all(Array.from({ length: 12 }, (_, index) => handle.signal(deposit, index + 1)))
    await handle.signal(close)
    assert.equal(await handle.result(), 178)
    assert.equal(balances.get('a'), 178)
  })

  it('reads and writes one change at a time, in the order of the signals, and refuses what the account does not have', async () => {
    const calls: string[] = []
    const balances: Balances = new Map()
    const bank = createActivities(balances)
    await using engine = await Engine.open({ database: ':memory:' })
    engine.workflows.register({ bankAccount })
    engine.activities.register({
      readBalance: async (account: string) => {
        calls.push('read')
        return bank.readBalance(account)
      },
      writeBalance: async (account: string, cents: number) => {
        calls.push(`write ${cents}`)
        return bank.writeBalance(account, cents)
      },
    })
    await engine.start()
    const handle = await engine.workflows.start(bankAccount, { args: ['b'] })
    await handle.signal(withdraw, 1)
    for (const cents of [10, 20]) await handle.signal(deposit, cents)
    await handle.signal(withdraw, 25)
    await handle.signal(close)
    assert.equal(await handle.result(), 5)
    assert.equal(await handle.query(getBalance), 5)
    assert.deepEqual(calls, ['read', 'read', 'write 10', 'read', 'write 30', 'read', 'write 5'])
  })

  it('runs by the command of the README', () => {
    const printed = execFileSync(process.execPath, [join(import.meta.dirname, 'run.ts')], { encoding: 'utf8', timeout: 60_000 })
    assert.match(printed, /the account has 70\.00\nNothing was lost\.\n$/)
  })
})
