import { outcomeOf } from '../described-error.ts'
import type { Handle, Scenario, Stage } from '../stage.ts'

const code = 'updates'

/** Starts it, with a worker, does something, and gives what it came to with the result of the execution. */
function live(name: string, type: string, args: readonly unknown[], act: (handle: Handle, stage: Stage) => Promise<unknown>): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start(type, { args })
      await handle.settled()
      const acted = await act(handle, stage)
      return { acted, result: await outcomeOf(handle.result()), events: await handle.events() }
    },
  }
}

const finished = async (handle: Handle, ...updates: readonly Promise<unknown>[]): Promise<unknown> => {
  const outcomes = await Promise.all(updates.map(outcomeOf))
  await handle.signal('finish')
  return outcomes
}

/** Messages that are there before the workflow first runs. */
type Sending = (handle: Handle, stage: Stage) => Promise<Promise<unknown>[]>

function early(name: string, type: string, args: readonly unknown[], send: Sending): Scenario {
  return {
    name, code,
    run: async (stage) => {
      const handle = await stage.start(type, { args })
      const sent = await send(handle, stage)
      const outcomes = sent.map(outcomeOf)
      await stage.worker()
      return { sent: await Promise.all(outcomes), result: await outcomeOf(handle.result()), events: await handle.events() }
    },
  }
}

/** Sends updates in this order: each waits for its acceptance, so it is given the time to arrive. */
async function sentUpdates(stage: Stage, handle: Handle, ...updates: readonly (readonly [string, unknown])[]): Promise<Promise<unknown>[]> {
  const sent: Promise<unknown>[] = []
  for (const [name, arg] of updates) {
    const update = handle.executeUpdate(name, { args: [arg] })
    update.catch(() => {})
    sent.push(update)
    await stage.pass(200)
  }
  return sent
}

const ofCounter: readonly Scenario[] = [
  live('an update is answered with what its handler returns', 'counter', [], (handle) => {
    return finished(handle, handle.executeUpdate('add', { args: [4] }))
  }),
  live('a validator that throws a plain error rejects the update', 'counter', [], (handle) => {
    return finished(handle, handle.executeUpdate('add', { args: [-1] }))
  }),
  live('a validator that throws a failure rejects the update', 'counter', [], (handle) => {
    return finished(handle, handle.executeUpdate('add', { args: [101] }))
  }),
  live('a rejected update frees its id', 'counter', [], async (handle) => {
    const first = await outcomeOf(handle.executeUpdate('add', { args: [-1], updateId: 'one' }))
    const second = await outcomeOf(handle.executeUpdate('add', { args: [2], updateId: 'one' }))
    return [first, second, await finished(handle)]
  }),
  live('startUpdate of a rejected update throws at once', 'counter', [], async (handle) => {
    const started = await outcomeOf(handle.startUpdate('add', { args: [-1] }).then((update) => update.result()))
    return [started, await finished(handle)]
  }),
  live('an update without a handler is rejected', 'counter', [], (handle) => {
    return finished(handle, handle.executeUpdate('unknown', { args: [1, 2] }))
  }),
  live('a handler runs an activity and knows its update', 'counter', [], async (handle) => {
    const update = await handle.startUpdate('slow', { args: ['a'], updateId: 'mine' })
    return [update.updateId, await finished(handle, update.result())]
  }),
  live('a failure thrown by a handler fails the update, not the execution', 'counter', [], (handle) => {
    return finished(handle, handle.executeUpdate('broken', { args: ['failure'] }))
  }),
  live('a failure thrown later by a handler fails the update', 'counter', [], (handle) => {
    return finished(handle, handle.executeUpdate('broken', { args: ['later'] }))
  }),
  live('a handler that returns nothing answers undefined', 'counter', [], (handle) => {
    return finished(handle, handle.executeUpdate('broken', { args: ['none'] }))
  }),
  live('the same update id answers again without running again', 'counter', [], async (handle) => {
    const one = await handle.executeUpdate('add', { args: [1], updateId: 'same' })
    const two = await handle.executeUpdate('add', { args: [1], updateId: 'same' })
    return [one, two, await finished(handle)]
  }),
  live('an update id is found again, also after the execution has closed', 'counter', [], async (handle) => {
    await handle.executeUpdate('add', { args: [1], updateId: 'found' })
    const open = await outcomeOf(handle.updateResult('found'))
    await handle.signal('finish')
    await handle.result()
    const closed = await outcomeOf(handle.updateResult('found'))
    return [open, closed, await outcomeOf(handle.executeUpdate('add', { args: [5], updateId: 'found' }))]
  }),
  live('an update id that does not exist', 'counter', [], async (handle) => {
    return [await outcomeOf(handle.updateResult('nobody')), await finished(handle)]
  }),
  live('an update to a closed execution', 'counter', [], async (handle) => {
    await handle.signal('finish')
    await handle.result()
    return outcomeOf(handle.executeUpdate('add', { args: [1] }))
  }),
  {
    name: 'an update to an unknown execution', code,
    run: async (stage) => outcomeOf(stage.getHandle(`${stage.id}-unknown`).executeUpdate('add', { args: [1] })),
  },
  {
    name: 'a plain error thrown by a handler holds the execution', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('counter')
      handle.executeUpdate('broken', { args: ['plain'] }).catch(() => {})
      const stuck = await handle.stuck()
      const { status } = await handle.describe()
      await handle.terminate()
      return { stuck, status }
    },
  },
]

const others: readonly Scenario[] = [
  {
    name: 'a handler that lets main go on counts as unfinished', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('countsHandlers')
      await handle.settled()
      await handle.signal('finish')
      return handle.result()
    },
  },
  {
    name: 'a validator that waits', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('waitingValidator')
      const outcome = outcomeOf(handle.executeUpdate('add', { args: [1] }))
      const first = await Promise.race([outcome, handle.stuck().then((stuck) => ({ stuck }))])
      await handle.terminate()
      return first
    },
  },
  ...(['at once', 'microtasks', 'timer'] as const).map((when) => {
    return early(`an update before the handler is set (${when})`, 'late', [when], (handle, stage) => sentUpdates(stage, handle, ['add', 1]))
  }),
  live('an execution ends while a handler waits', 'leaves', ['WARN_AND_ABANDON'], async (handle) => {
    const update = await handle.startUpdate('slow', { args: ['a'] })
    await handle.signal('finish')
    return outcomeOf(update.result())
  }),
  live('an execution ends while a handler waits whose policy is to abandon', 'leaves', ['ABANDON'], async (handle) => {
    const update = await handle.startUpdate('slow', { args: ['a'] })
    await handle.signal('finish')
    return outcomeOf(update.result())
  }),
  {
    name: 'an execution is terminated while a handler waits', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('leaves', { args: ['ABANDON'] })
      const update = await handle.startUpdate('slow', { args: ['a'] })
      await handle.terminate('enough')
      return [await outcomeOf(update.result()), await outcomeOf(handle.result()), await outcomeOf(handle.updateResult(update.updateId))]
    },
  },
  ...(['return', 'throw', 'fail'] as const).map((how) => {
    return live(`an update whose handler lets the workflow end (${how})`, 'endedByUpdate', [how], (handle) => {
      return outcomeOf(handle.executeUpdate('slow', { args: ['a'] }))
    })
  }),
  {
    name: 'an update whose handler continues as new', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('endedByUpdate', { args: ['continue'] })
      const update = outcomeOf(handle.executeUpdate('slow', { args: ['a'], updateId: 'moving' }))
      const first = await Promise.race([update, handle.stuck().then((stuck) => ({ stuck }))])
      const events = await handle.events()
      await stage.getHandle(stage.id).terminate().catch(() => {})
      return { first, events }
    },
  },
  live('the default handler takes what nobody else does', 'anyUpdate', [], async (handle) => {
    const other = await outcomeOf(handle.executeUpdate('other', { args: [1, 'x'] }))
    return [other, await finished(handle, handle.executeUpdate('add', { args: [2] }))]
  }),
  live('an update of a workflow without handlers', 'withoutHandlers', [], (handle) => {
    return finished(handle, handle.executeUpdate('add', { args: [2] }))
  }),
  live('a cancelled workflow cancels what its handlers wait for', 'cancelledWhileHandling', [], async (handle) => {
    const update = await handle.startUpdate('slow', { args: ['a'] })
    await handle.cancel()
    return outcomeOf(update.result())
  }),
  early('updates and signals that came before the first activation', 'order', [], async (handle, stage) => {
    return sentUpdates(stage, handle, ['slow', 'a'], ['slow', 'b'], ['add', 1])
  }),
]

const useExisting = { workflowIdConflictPolicy: 'USE_EXISTING' }

const withStart: readonly Scenario[] = [
  {
    name: 'update-with-start starts and updates', code,
    run: async (stage) => {
      await stage.worker()
      const answer = await outcomeOf(stage.executeUpdateWithStart('counter', 'add', { args: [3] }))
      const handle = stage.getHandle(stage.id)
      await handle.signal('finish')
      return { answer, result: await handle.result(), events: await handle.events() }
    },
  },
  {
    name: 'update-with-start of a running execution, USE_EXISTING', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('counter')
      await handle.settled()
      await handle.executeUpdate('add', { args: [1] })
      const answer = await outcomeOf(stage.executeUpdateWithStart('counter', 'add', { args: [3] }, useExisting))
      await handle.signal('finish')
      return { answer, result: await handle.result() }
    },
  },
  {
    name: 'update-with-start of a running execution, FAIL', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('counter')
      const answer = await outcomeOf(stage.executeUpdateWithStart('counter', 'add', { args: [3] }))
      await handle.signal('finish')
      return { answer, result: await handle.result() }
    },
  },
  {
    name: 'update-with-start whose update is rejected leaves the execution running', code,
    run: async (stage) => {
      await stage.worker()
      const answer = await outcomeOf(stage.executeUpdateWithStart('counter', 'add', { args: [-3] }))
      const handle = stage.getHandle(stage.id)
      const { status } = await handle.describe()
      await handle.signal('finish')
      return { answer, status, result: await handle.result() }
    },
  },
  {
    name: 'update-with-start of a closed execution starts another', code,
    run: async (stage) => {
      await stage.worker()
      const first = await stage.start('counter')
      await first.signal('finish')
      await first.result()
      const answer = await outcomeOf(stage.executeUpdateWithStart('counter', 'add', { args: [3] }, useExisting))
      const handle = stage.getHandle(stage.id)
      await handle.signal('finish')
      return { answer, result: await handle.result() }
    },
  },
  {
    name: 'update-with-start with the update id of a closed execution', code,
    run: async (stage) => {
      await stage.worker()
      const first = await stage.start('counter')
      await first.executeUpdate('add', { args: [1], updateId: 'once' })
      await first.signal('finish')
      await first.result()
      const setup = { workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'REJECT_DUPLICATE' }
      return outcomeOf(stage.executeUpdateWithStart('counter', 'add', { args: [3], updateId: 'once' }, setup))
    },
  },
]

const validators = ['checked', 'unchecked'].flatMap((name) => [undefined, 'validation-interceptor'].map((interceptors): Scenario => ({
  name: `what a validator knows of its update (${name}, ${interceptors ?? 'no interceptor'})`, code: 'validators',
  run: async (stage) => {
    await stage.worker(interceptors === undefined ? {} : { interceptors })
    const handle = await stage.start('knows')
    await handle.settled()
    const update = await outcomeOf(handle.executeUpdate(name, { updateId: 'mine' }))
    await handle.signal('finish')
    return { update, result: await outcomeOf(handle.result()), events: await handle.events() }
  },
})))

export const updateScenarios: readonly Scenario[] = [...ofCounter, ...others, ...withStart, ...validators]
