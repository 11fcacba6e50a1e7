/** Three requests: one approved, one rejected, one that nobody answers. `npx node examples/human-approval/run.ts` */
import { Engine } from 'perdure'
import * as activities from './activities.ts'
import { approval, approve, getRejectionReason, isApproved, reject } from './workflows.ts'

const engine = await Engine.open({ database: ':memory:' })
engine.workflows.register({ approval })
engine.activities.register(activities)
await engine.start()

const laptop = await engine.workflows.start(approval, {
  workflowId: 'approval-laptop', args: [{ requestId: 'laptop', requestedBy: 'Mei', action: 'Buy a laptop' }],
})
console.log('laptop approved?', await laptop.query(isApproved))
await laptop.signal(approve)
console.log('laptop:', await laptop.result())

const yacht = await engine.workflows.start(approval, {
  workflowId: 'approval-yacht', args: [{ requestId: 'yacht', requestedBy: 'Otto', action: 'Buy a yacht' }],
})
await yacht.signal(reject, 'no mooring')
console.log('yacht:', await yacht.result())
console.log('why not?', await yacht.query(getRejectionReason))

const request = { requestId: 'trip', requestedBy: 'Noor', action: 'Book a trip' }
const trip = await engine.workflows.start(approval, { workflowId: 'approval-trip', args: [request, '500 ms'] })
console.log('trip:', await trip.result())

await engine.stop()
