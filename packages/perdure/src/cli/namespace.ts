/** `perdure namespace ...`: tenants of one database, apart from each other. */
import type { NamespaceDescription } from '@perdure/engine'
import type { Command } from 'commander'
import { withClient, withNewClient } from './connection.ts'
import { withExamples } from './examples.ts'
import { duration, type GlobalOptions, runs } from './options.ts'
import { print } from './output.ts'
import { facts, fittingTable, localTime, printable, shortDuration } from './text.ts'

interface CreateOptions extends GlobalOptions {
  readonly description?: string
  readonly retention?: number
}

export function addNamespaceCommands(program: Command): void {
  const namespace = program.command('namespace').description('namespaces: ids, task queues and lists of one are apart from those of others')

  const create = namespace.command('create').argument('<name>', 'name of the namespace').description('create a namespace')
    .option('--description <text>', 'what it is for')
    .option('--retention <duration>', 'how long closed executions are to be kept; stored, nothing is deleted yet', duration('--retention'))
  withExamples(create, 'namespace create market --description "Orders of the market"')
  runs<CreateOptions>(create, async (options, [name = '']) => {
    const { description, retention } = options
    const created = await withNewClient(ofDefault(options), (engine) => engine.namespaces.create(name, {
      ...(description === undefined ? {} : { description }), ...(retention === undefined ? {} : { retention }),
    }))
    print(options.output, { value: created, text: () => `Created the namespace ${printable(created.name)}` })
  })

  const list = namespace.command('list').description('list the namespaces of the database')
  withExamples(list, 'namespace list')
  runs<GlobalOptions>(list, async (options) => {
    const namespaces = await withClient(ofDefault(options), (engine) => engine.namespaces.list())
    print(options.output, { value: { namespaces }, rows: namespaces, text: () => namespaceTable(namespaces) })
  })

  const describe = namespace.command('describe').argument('[name]', 'name of the namespace (default: that of --namespace)')
    .description('show a namespace')
  withExamples(describe, 'namespace describe market')
  runs<GlobalOptions>(describe, async (options, [name = options.namespace]) => {
    const found = await withClient(ofDefault(options), (engine) => engine.namespaces.describe(name))
    print(options.output, { value: found, text: () => namespaceText(found) })
  })
}

/** Whatever is configured: it may not exist yet. */
function ofDefault<T extends GlobalOptions>(options: T): T {
  return { ...options, namespace: 'default' }
}

function namespaceTable(namespaces: readonly NamespaceDescription[]): string {
  const rows = namespaces.map((each) => [
    printable(each.name), localTime(each.createTime), retentionText(each), printable(each.description),
  ])
  return fittingTable(['NAME', 'CREATED', 'RETENTION', 'DESCRIPTION'], rows)
}

function namespaceText(namespace: NamespaceDescription): string {
  const { name, description, createTime } = namespace
  return facts([
    ['Name', printable(name)],
    ['Created', localTime(createTime)],
    ['Retention', retentionText(namespace)],
    ['Description', description === '' ? undefined : printable(description)],
  ])
}

function retentionText({ retentionMs }: NamespaceDescription): string {
  return retentionMs === undefined ? 'for ever' : shortDuration(retentionMs)
}
