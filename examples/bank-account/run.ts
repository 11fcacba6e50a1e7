/** Twenty deposits and a withdrawal at once: `npx node examples/bank-account/run.ts`. Exit code 0 only if none of them is lost. */
import { Engine } from 'perdure'
import { type Balances, createActivities } from './activities.ts'
import { close, deposit, bankAccount, withdraw } from './workflows.ts'

const balances: Balances = new Map()
await using engine = await Engine.open({ database: ':memory:' })
engine.workflows.register({ bankAccount })
engine.activities.register(createActivities(balances))
await engine.start()

const account = await engine.workflows.start(bankAccount, { workflowId: 'account-7', args: ['account-7'] })
await Promise.all(Array.from({ length: 20 }, () => account.signal(deposit, 5_00)))
await account.signal(withdraw, 30_00)
await account.signal(close)

const balance = await account.result()
console.log(`20 deposits of 5.00 and a withdrawal of 30.00: the account has ${(balance / 100).toFixed(2)}`)
const isRight = balance === 70_00 && balances.get('account-7') === balance
console.log(isRight ? 'Nothing was lost.' : 'Something was lost.')
process.exitCode = isRight ? 0 : 1
