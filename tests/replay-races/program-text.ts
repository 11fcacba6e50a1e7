/** A program as people read it. */
import type { FarLeaf, Program, Step } from './program.ts'

export function programText(program: Program): string {
  const handlers = program.handlers.map(({ signal, function: index }) => `${signal} -> f${index}`)
  return [
    `handlers ${handlers.join(', ') || 'none'}`,
    ...(program.updates === undefined ? [] : [`updates ${program.updates.map(answerText).join(', ') || 'none'}`]),
    ...program.functions.flatMap((body, index) => [`f${index}`, ...stepLines(body, 1)]),
    'main', ...stepLines(program.main, 1),
  ].join('\n')
}

function stepLines(step: Step, depth: number): string[] {
  const line = (text: string): string => '  '.repeat(depth) + text
  const nested = (title: string, body: Step): string[] => [line(title), ...stepLines(body, depth + 1)]
  switch (step.kind) {
    case 'block': return step.steps.length === 0 ? [line('nothing')] : step.steps.flatMap((each) => stepLines(each, depth))
    case 'if': return [...nested(`if v${step.variable} >= ${step.atLeast}`, step.holding), ...nested('else', step.otherwise)]
    case 'patched': return [...nested(`if patched ${step.id}`, step.holding), ...nested('else', step.otherwise)]
    case 'loop': return nested(`${step.times} times`, step.body)
    case 'while': return nested(`while v${step.variable} < ${step.below}, at most 4 times`, step.body)
    case 'race':
    case 'any':
    case 'all':
    case 'allSettled':
      return [line(`Promise.${step.kind}`), ...step.parts.flatMap((part, index) => [
        line(`  ${index}`), ...stepLines(part, depth + 2)])]
    case 'try': return [
      ...nested('try', step.body), ...(step.caught === undefined ? [] : nested('catch', step.caught)),
      ...(step.finally === undefined ? [] : nested('finally', step.finally)),
    ]
    case 'then': return [
      ...nested('promise', step.first), ...nested('.then', step.next), ...(step.last === undefined ? [] : nested('.finally', step.last)),
    ]
    case 'scope':
      return nested(`scope s${step.slot} ${typeof step.scope === 'number' ? `withTimeout ${step.scope} ms` : step.scope}`, step.body)
    case 'spawn': return nested(`p${step.slot} = not awaited${step.handled ? '' : ', its rejection not handled'}`, step.body)
    default: return [line(leafText(step))]
  }
}

type Nesting = { readonly body: Step } | { readonly parts: readonly Step[] } | { readonly kind: 'block' | 'if' | 'then' | 'patched' }
type Leaf = Exclude<Step, Nesting>

function leafText(step: Leaf): string {
  switch (step.kind) {
    case 'activity': return `v${step.into} += activity, ${step.cancellation}`
    case 'sleep': return `sleep ${step.ms}`
    case 'timeout': return `setTimeout ${step.ms}: v${step.variable} += ${step.add}`
    case 'set': return `v${step.variable} += ${step.add}`
    case 'condition': return `condition v${step.variable} >= ${step.atLeast}${step.ms === undefined ? '' : `, timeout ${step.ms}`}`
    case 'hops': return `await Promise.resolve(), ${step.count} times`
    case 'random': return 'note random numbers'
    case 'throw': return `throw ${step.what}`
    case 'return':
    case 'break': return step.kind
    case 'call': return `f${step.function}()`
    case 'cancel': return step.slot === 'current' ? 'cancel the current scope' : `cancel s${step.slot}`
    case 'cancelRequested': return 'await cancelRequested of the current scope'
    case 'join': return `await p${step.slot}`
    case 'gate': return `await g${step.gate}`
    case 'settle': return `${step.how} g${step.gate}`
    case 'handle': return `setHandler ${step.signal}: ${step.function === undefined ? 'none' : `f${step.function}`}`
    default: return farText(step)
  }
}

function farText(step: FarLeaf): string {
  switch (step.kind) {
    case 'local': return `v${step.into} += local activity, ${step.cancellation}`
    case 'child': {
      const { into, cancellation, closePolicy, awaits, notes } = step
      return `v${into} += child, ${cancellation}, ${closePolicy}, awaits ${awaits}, ${notes} signals to it`
    }
    case 'external': return `${step.asks} ${step.self ? 'itself' : 'nobody'}`
    case 'patch': return step.deprecated ? `deprecatePatch ${step.id}` : `v${step.variable} += 1 if patched ${step.id}`
    case 'draw': return `note random numbers, ${step.from}`
    case 'info': return 'note what workflowInfo() says'
    case 'upsert': return `upsert ${step.what} ${step.key}`
    case 'answer': return `setHandler ${answerText(step)}`
    case 'handlersFinished': return 'condition(allHandlersFinished)'
    case 'continueAsNew': return 'continueAsNew'
    default: return step satisfies never
  }
}

function answerText({ update, function: index, validates }: Omit<Extract<FarLeaf, { kind: 'answer' }>, 'kind'>): string {
  return `${update} -> ${index === undefined ? 'none' : `f${index}`}${validates ? ' with a validator' : ''}`
}
