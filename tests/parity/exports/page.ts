/** docs/temporal-parity.md, made from the catalogue of exports and the declared differences of behaviour. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { differences } from '../differences.ts'
import { topics } from '../topics.ts'
import { type Entry, type Package, packages } from './catalogue.ts'
import { notYet } from './not-yet.ts'

export const pagePath = join(import.meta.dirname, '../../../docs/temporal-parity.md')

const places: Readonly<Record<Package, string>> = {
  workflow: '`perdure/workflow`', activity: '`perdure/activity`', client: '`perdure`',
  common: '`perdure`, and what code of workflows and activities needs of them also in `perdure/workflow` and `perdure/activity`',
}

export function pageOf(entries: readonly Entry[]): string {
  return [intro(), behaviour(), ...packages.map((of) => section(of, entries.filter((entry) => entry.package === of)))].join('\n')
}

function intro(): string {
  const { version } = createRequire(import.meta.url)('@temporalio/workflow/package.json') as { readonly version: string }
  const scenarios = Object.values(topics).reduce((sum, each) => sum + each.length, 0)
  return `# Perdure and Temporal, side by side

Workflow and activity code written for Temporal's TypeScript SDK ${version} runs on Perdure by a change of its imports:
\`@temporalio/workflow\` becomes \`perdure/workflow\`, \`@temporalio/activity\` becomes \`perdure/activity\`, and what such
code takes from \`@temporalio/common\` is in both. In all other files \`@temporalio/client\` and \`@temporalio/common\` become
\`perdure\`. This page says where that is not all. It is made by
\`npm run parity -- --page\` and checked by tests: every name that those packages export is compared with ours by the
compiler, and ${scenarios} scenarios, whose answers were recorded from a Temporal server ${serverVersion()}, run from the
same files on Perdure (\`tests/parity\`).
`
}

function serverVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../recorded/updates.json'), 'utf8')
  return (JSON.parse(text) as { readonly from: { readonly server: string } }).from.server
}

function behaviour(): string {
  const rows = differences.map(({ about, temporal, perdure, why }) => `| ${about} | ${temporal} | ${perdure} | ${why} |`)
  return `## What behaves differently

Everything else in the scenarios is the same: results, errors with their causes, and the order of events.

| | Temporal | Perdure | why |
|---|---|---|---|
${rows.join('\n')}
`
}

function section(of: Package, entries: readonly Entry[]): string {
  const here = entries.filter((entry) => entry.place !== undefined)
  const missing = entries.filter((entry) => entry.place === undefined)
  const rows = here.toSorted(byName).map((entry) => `| \`${entry.name}\` | ${entry.agreement === 'same' ? 'same' : entry.how} |`)
  const reasons = Map.groupBy(missing, ({ name, reason }) => notYet.includes(`${of}.${name}`) ? 'Not there yet' : reason ?? '')
  const listed = (names: readonly Entry[]) => names.toSorted(byName).map(({ name }) => `\`${name}\``).join(', ')
  const groups = [...reasons].map(([reason, names]) => `| ${reason} | ${listed(names)} |`)
  return `## \`@temporalio/${of}\`

${here.length} of ${entries.length} names are in ${places[of]}.

| name | |
|---|---|
${rows.join('\n')}

Not supported:

| why | names |
|---|---|
${groups.join('\n')}
`
}

function byName(one: Entry, other: Entry): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0
}
