/**
 * What workflow code must not use, because its outcome is not in the history: network, files, processes, real
 * randomness. Inside workflows a call throws a DeterminismViolationError; outside everything is as it was.
 *
 * Files: functions that take a path are refused, those that take an open descriptor are not (a logger that writes to
 * its open file does no harm). Loading a module is not refused: a call that comes straight from Node's module loader,
 * its source maps or from inside node:fs passes. But import() of a module that is not loaded yet takes real time, so the
 * code after it runs outside of an activation, which the engine refuses: import at the top of the file instead.
 * What a module does at its top level while workflow code loads it counts as workflow code.
 *
 * It is a net for honest mistakes and no sandbox: a function that a library took for itself before the engine was
 * loaded, an open socket, a native module are not seen here.
 */
import nodeChildProcess from 'node:child_process'
import nodeCrypto from 'node:crypto'
import nodeDns from 'node:dns'
import nodeFs from 'node:fs'
import nodeNet from 'node:net'
import nodeTimers from 'node:timers'
import nodeTimersPromises from 'node:timers/promises'
import { DeterminismViolationError } from '@perdure/workflow'
import { replaceMember, withMembersOf } from './replaced-member.ts'
import { currentScope } from './workflow-context.ts'

const inActivity = 'call it in an activity'
const forNumbers = 'use uuid4() for ids, Math.random() for numbers that repeat on replay, and an activity for secrets'

export function forbidGlobals(): void {
  forbid(globalThis, '', ['fetch'], inActivity)
  for (const name of ['WebSocket', 'EventSource', 'XMLHttpRequest']) forbidClass(name)
  forbid(AbortSignal, 'AbortSignal.', ['timeout'], 'use CancellationScope.withTimeout()')
  const immediate = "use sleep(), or 'await' to let other code run"
  forbid(globalThis, '', ['setImmediate'], immediate)
  forbid(nodeTimers, '', ['setImmediate'], immediate)
  forbid(nodeTimersPromises, 'node:timers/promises ', ['setImmediate', 'setInterval'], 'use sleep()')
}

export function forbidModules(): void {
  // Under http, https, http2 and every database driver; loading those here to refuse them by name would cost 35 ms at each start.
  forbid(nodeNet.Socket.prototype, 'net.Socket.', ['connect'], inActivity)
  forbid(nodeDns, 'dns.', functionsOf(nodeDns, /^(lookup|resolve|reverse)/), inActivity)
  forbid(nodeDns.promises, 'dns.promises.', functionsOf(nodeDns.promises, /^(lookup|resolve|reverse)/), inActivity)
  forbid(nodeChildProcess, 'child_process.', functionsOf(nodeChildProcess, /^(exec|fork|spawn)/), inActivity)
  forbid(nodeCrypto, 'crypto.', functionsOf(nodeCrypto, randomFunctions), forNumbers)
  forbid(nodeFs, 'fs.', functionsOf(nodeFs, pathFunctions), inActivity, calledByNode)
  forbid(nodeFs.promises, 'fs.promises.', functionsOf(nodeFs.promises, pathFunctions), inActivity, calledByNode)
}

const randomFunctions = /^(random(Bytes|Fill|Int|UUIDv7)|pseudoRandomBytes|generate(Key|Prime))/

/** Those of node:fs that take a path. The others take a descriptor, or are classes. */
const pathFunctions = new RegExp(
  '^(access|appendFile|chmod|chown|copyFile|cp|createReadStream|createWriteStream|exists|glob|lchmod|lchown|link|lstat|lutimes|mkdir|' +
    'mkdtemp|mkdtempDisposable|open|openAsBlob|opendir|readFile|readdir|readlink|realpath|rename|rm|rmdir|stat|statfs|symlink|truncate|' +
    'unlink|utimes|watch|watchFile|writeFile)(Sync)?$',
)

type AnyFunction = (this: unknown, ...args: never[]) => unknown

function functionsOf(owner: object, pattern: RegExp): string[] {
  return Object.getOwnPropertyNames(owner).filter((name) => pattern.test(name))
}

type Exemption = (callee: AnyFunction) => boolean

function forbid(owner: object, prefix: string, names: readonly string[], remedy: string, isExempt?: Exemption): void {
  for (const name of names) {
    const original: unknown = Object.getOwnPropertyDescriptor(owner, name)?.value
    if (typeof original === 'function') replaceMember(owner, name, guarded(original as AnyFunction, `${prefix}${name}()`, remedy, isExempt))
  }
}

function guarded(original: AnyFunction, used: string, remedy: string, isExempt?: Exemption): AnyFunction {
  const replacement = guardedCode(original, used, remedy, isExempt)
  // Functions that hang on it, such as what util.promisify() takes in its place, would be a way round.
  for (const key of Reflect.ownKeys(replacement)) {
    const descriptor = Object.getOwnPropertyDescriptor(replacement, key)
    if (typeof descriptor?.value !== 'function' || descriptor.configurable !== true) continue
    const value = guardedCode(descriptor.value as AnyFunction, used, remedy, isExempt)
    Object.defineProperty(replacement, key, { ...descriptor, value })
  }
  return replacement
}

function guardedCode(original: AnyFunction, used: string, remedy: string, isExempt?: Exemption): AnyFunction {
  const replacement = withMembersOf(original, function (this: unknown, ...args: never[]): unknown {
    if (currentScope() !== undefined && isExempt?.(replacement) !== true) throw DeterminismViolationError.of(used, remedy)
    return Reflect.apply(original, this, args)
  })
  return replacement
}

/** Classes that are globals. Some are loaded when they are first looked at, which stays so. */
function forbidClass(name: string): void {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name)
  if (descriptor?.configurable !== true) return
  const { get } = descriptor
  if (get === undefined) {
    replaceMember(globalThis, name, guardedClass(descriptor.value, name))
    return
  }
  let known: unknown
  Object.defineProperty(globalThis, name, { ...descriptor, get: () => (known ??= guardedClass(get.call(globalThis), name)) })
}

function guardedClass(original: unknown, name: string): unknown {
  if (typeof original !== 'function') return original
  return new Proxy(original, {
    construct(target, args: unknown[], newTarget): object {
      if (currentScope() !== undefined) throw DeterminismViolationError.of(`new ${name}()`, inActivity)
      return Reflect.construct(target, args, newTarget) as object
    },
  })
}

const nodesOwn = /^node:(internal\/(modules|source_map|fs)\/|internal\/source_map|fs$|module$)/

/** The call comes straight from Node's module loader or from node:fs itself. Asked only when a call is about to be refused. */
function calledByNode(callee: AnyFunction): boolean {
  const { prepareStackTrace, stackTraceLimit } = Error
  try {
    Error.stackTraceLimit = 1
    Error.prepareStackTrace = (_error, sites) => sites
    const captured: { stack?: readonly NodeJS.CallSite[] } = {}
    Error.captureStackTrace(captured, callee)
    return nodesOwn.test(captured.stack?.[0]?.getFileName() ?? '')
  } finally {
    Error.prepareStackTrace = prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
  }
}
