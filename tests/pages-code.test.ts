/** The code on pages of docs/ passes the type check, block by block, beside what the page takes for granted. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { blocksOf } from './support/readme.ts'

const root = join(import.meta.dirname, '..')

/** What the blocks of a page use without saying where it comes from; names that a block declares are left to it. */
const taken: Readonly<Record<string, readonly string[]>> = {
  client: [
    "import { Engine, WithStartWorkflowOperation } from 'perdure'",
    "import { defineSignal, defineUpdate } from 'perdure/workflow'",
    "import type { StartedWorkflowHandle } from 'perdure'",
    'interface Order { readonly id: string }',
    'declare const engine: Engine, order: Order, item: string, runId: string, firstExecutionRunId: string',
    'declare function orderProcessing(order: Order): Promise<void>',
    'declare function cart(): Promise<string[]>',
    'declare const handle: StartedWorkflowHandle<typeof cart>',
    "const addItem = defineUpdate<number, [item: string]>('addItem')",
    "const remark = defineSignal<[text: string]>('remark')",
  ],
  interceptors: [
    "import { Engine, type WorkflowClientInterceptor } from 'perdure'",
    "import type { ActivityInboundCallsInterceptor } from 'perdure'",
    "import type { Headers, WorkflowInboundCallsInterceptor, WorkflowOutboundCallsInterceptor } from 'perdure/workflow'",
    'declare const tracingClient: WorkflowClientInterceptor, tracingInbound: WorkflowInboundCallsInterceptor',
    'declare const tracingOutbound: WorkflowOutboundCallsInterceptor',
    "declare const tracedExecute: NonNullable<ActivityInboundCallsInterceptor['execute']>",
    'declare function traceId(): string',
    'let headers: Headers = {}',
  ],
  'data-conversion': [
    "import type { Payload } from 'perdure/workflow'",
    'declare const oldKey: Uint8Array, newKey: Uint8Array',
    'declare function mine(data: Uint8Array | null | undefined): Uint8Array',
    'declare function isMine(payload: Payload): boolean',
    'declare function original(payload: Payload): Payload',
  ],
  workflows: [
    "import { CancellationScope, continueAsNew, defineSignal, executeChild, getExternalWorkflowHandle } from 'perdure/workflow'",
    "import { isCancellation, patched, startChild, workflowInfo } from 'perdure/workflow'",
    'interface Order { readonly id: string }',
    'declare const id: string, shelf: string, cursor: number, order: Order',
    'declare function settleInvoice(id: string): Promise<string>',
    'declare function countStock(shelf: string): Promise<number>',
    'declare function poll(cursor: number): Promise<void>',
    'declare function shipTracked(order: Order): Promise<void>',
    'declare function ship(order: Order): Promise<void>',
    'declare function fulfil(order: Order): Promise<void>',
    'declare function release(order: Order): Promise<void>',
    "const remind = defineSignal<[by: string]>('remind'), approve = defineSignal<[by: string]>('approve')",
  ],
  saga: [
    "import { defineSignal, mapConcurrently, Semaphore, setHandler } from 'perdure/workflow'",
    'interface Trip { readonly id: string }',
    'interface Order { readonly id: string }',
    'declare function reserveRoom(trip: Trip): Promise<string>',
    'declare function cancelRoom(reservation: string): Promise<void>',
    'declare function bookFlight(trip: Trip): Promise<void>',
    'declare function cancelFlight(id: string): Promise<void>',
    'declare function charge(given: Trip | Order): Promise<string>',
    'declare const orders: readonly Order[]',
    'declare function post(cents: number): Promise<number>',
    "const deposit = defineSignal<[cents: number]>('deposit')",
    'let balance = 0',
  ],
  replay: ["import { Engine } from 'perdure'", 'declare const engine: Engine'],
}

test('the code of the pages passes the type check', (t) => {
  // Where 'perdure' is found, and where the tests of the repository's files, which run meanwhile, do not look.
  const caches = join(root, 'node_modules/.cache')
  mkdirSync(caches, { recursive: true })
  const folder = mkdtempSync(join(caches, 'pages-code-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const files = Object.entries(taken).flatMap(([page, lines]) => {
    const blocks = blocksOf(readFileSync(join(root, `docs/${page}.md`), 'utf8'), 'ts')
    assert.ok(blocks.length >= 2, `where is the code of docs/${page}.md?`)
    return blocks.map((block, index) => {
      const name = `${page}-${index + 1}.ts`
      writeFileSync(join(folder, name), moduleOf(lines, block))
      return name
    })
  })
  files.push(...gettingStarted(folder), ...testingPage(folder))
  writeFileSync(join(folder, 'workflows.ts'), 'export async function orderProcessing(): Promise<void> {}\n')
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
    extends: '../../../tsconfig.json', include: [], files, compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
  }))
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['--noEmit', '-p', folder], { cwd: root, encoding: 'utf8' })
  assert.equal(status, 0, stdout)
})

/** One module: its blocks go on from one another. */
function gettingStarted(folder: string): string[] {
  const blocks = blocksOf(readFileSync(join(root, 'docs/getting-started.md'), 'utf8'), 'ts')
  assert.ok(blocks.length >= 8, 'where is the code of docs/getting-started.md?')
  const open = "import { Engine } from 'perdure'\ndeclare const engine: Engine\n"
  // A block that opens an engine gets a scope of its own.
  const body = blocks.map((block) => (block.includes('const engine') ? `{\n${block}void engine\n}\n` : block)).join('\n')
  mkdirSync(join(folder, 'getting-started'))
  writeFileSync(join(folder, 'getting-started/all.ts'), `${open}${body}\nexport const used = [reserveInventory, chargePayment]\n`)
  writeFileSync(join(folder, 'getting-started/activities.ts'), [
    'export declare function reserveInventory(items: readonly string[]): Promise<string>',
    'export declare function refundPayment(userId: string, paymentId: string): Promise<void>',
    'export declare function chargePayment(userId: string, amount: number): Promise<string>',
  ].join('\n'))
  return ['getting-started/all.ts']
}

/** Each of its blocks is a file, whose name it begins with; the last of a name is what is right. */
function testingPage(folder: string): string[] {
  mkdirSync(join(folder, 'testing'))
  const sendMail = 'export async function sendMail(to: string, subject: string): Promise<void> { void [to, subject] }\n'
  writeFileSync(join(folder, 'testing/activities.ts'), sendMail)
  const files = blocksOf(readFileSync(join(root, 'docs/testing.md'), 'utf8'), 'ts').map((text) => {
    const [, name] = /^\/\/ (\S+\.ts)\n/.exec(text) ?? assert.fail(`a block of docs/testing.md names no file: ${text.slice(0, 60)}`)
    const file = `testing/${name ?? ''}`
    writeFileSync(join(folder, file), text)
    return file
  })
  assert.ok(files.length >= 6, 'where is the code of docs/testing.md?')
  return [...new Set(files)]
}

/** The block in a scope of its own, so that it may declare what the page takes for granted elsewhere. */
function moduleOf(taken: readonly string[], block: string): string {
  const isImport = (line: string): boolean => line.startsWith('import ')
  const own = block.split('\n').filter(isImport)
  const names = new Set(own.flatMap(importedNames))
  const others = taken.map((line) => (isImport(line) ? withoutNames(line, names) : line))
  const body = block.split('\n').filter((line) => !isImport(line)).map((line) => line.replace(/^export /, ''))
  return [...others, ...own, '{', ...body, '}', 'export {}'].join('\n')
}

function importedNames(line: string): string[] {
  const [, list = ''] = /\{([^}]*)\}/.exec(line) ?? []
  return list.split(',').map((name) => name.replace('type ', '').trim())
}

function withoutNames(line: string, names: ReadonlySet<string>): string {
  return line.replace(/\{([^}]*)\}/, (_, list: string) => {
    const left = list.split(',').filter((name) => !names.has(name.replace('type ', '').trim()))
    return `{${left.join(',')}}`
  })
}
