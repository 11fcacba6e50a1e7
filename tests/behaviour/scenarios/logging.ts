import assert from 'node:assert/strict'
import type { Logger } from 'perdure'
import { probe } from '../probe.ts'
import { type Scenario, until } from '../stage.ts'
import * as logging from '../workflows/logging.ts'

interface Line {
  readonly level: string
  readonly message: string
  readonly attributes: Readonly<Record<string, unknown>>
}

function collecting(lines: Line[]): Logger {
  const at = (level: string) => (message: string, attributes: Line['attributes'] = {}) => void lines.push({ level, message, attributes })
  return { trace: at('trace'), debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

const spoken: readonly string[] = ['began', 'speaks', 'was spoken', 'heard', 'ends']
const ofCode = (lines: readonly Line[]) => lines.filter(({ message }) => spoken.includes(message))

export const loggingScenarios: readonly Scenario[] = [
  {
    name: 'each line of workflow code is written once, over replays, a change of engines, and queries of what is closed',
    async run(_t, { id, ownQueue, engine, openAnother }) {
      const lines: Line[] = []
      const first = await openAnother({ logger: collecting(lines) })
      const handle = await engine.workflows.start(logging.talkative, { workflowId: id, taskQueue: ownQueue, args: [id] })
      await probe(id).noted('spoke')
      await until(() => lines.some(({ message }) => message === 'was spoken'))
      await first.stop()
      await openAnother({ logger: collecting(lines) })
      await handle.signal(logging.goOn)
      await handle.result()
      assert.equal(await handle.query(logging.linesSoFar), 3)
      assert.deepEqual(ofCode(lines).map(({ level, message }) => `${level} ${message}`), [
        'info began', 'info speaks', 'info speaks', 'warn was spoken', 'info heard', 'error ends',
      ])
    },
  },
  {
    name: 'lines about an execution or an activity say which, and in which attempt; attributes of the code do not hide it',
    async run(_t, { id, ownQueue, engine, openAnother }) {
      const lines: Line[] = []
      await openAnother({ logger: collecting(lines) })
      const handle = await engine.workflows.start(logging.talkative, { workflowId: id, taskQueue: ownQueue, args: [id] })
      await handle.signal(logging.goOn)
      await handle.result()
      const { runId } = handle
      const ofWorkflow = { workflowId: id, runId, workflowType: 'talkative', attempt: 1 }
      const { attributes: began } = lines.find(({ message }) => message === 'began') ?? {}
      assert.deepEqual(began, { step: 1, ...ofWorkflow })
      const speaking = lines.filter(({ message }) => message === 'speaks').map(({ attributes }) => attributes)
      const ofActivity = { ...ofWorkflow, activityType: 'speak', activityId: '1' }
      assert.deepEqual(speaking, [ofActivity, { ...ofActivity, attempt: 2 }])
      const [failed, ...others] = lines.filter(({ message }) => message.includes('hoarse'))
      assert.deepEqual([failed?.level, failed?.attributes, others], ['warn', ofActivity, []])
      for (const { message, attributes } of lines.filter((line) => 'workflowId' in line.attributes)) {
        for (const name of Object.keys(ofWorkflow)) assert.ok(name in attributes, `${name} is missing at '${message}'`)
      }
    },
  },
]
