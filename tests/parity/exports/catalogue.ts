/** Every name that Temporal's packages export, and what has become of it here. */
import { join } from 'node:path'
import { causes, differing } from './differing.ts'
import { exceptions } from './exceptions.ts'
import { declarationsOf, type ExportedName, exportsOf } from './export-list.ts'
import { type Agreement, agreements, type Pair } from './signatures.ts'

export const packages = ['workflow', 'activity', 'client', 'common'] as const
export type Package = (typeof packages)[number]

/** Where a name is looked for: what an author or caller imports here instead. */
const places: Readonly<Record<Package, readonly string[]>> = {
  workflow: ['perdure/workflow'],
  activity: ['perdure/activity'],
  client: ['perdure'],
  common: ['perdure'],
}

const sources: Readonly<Record<string, string>> = {
  'perdure/workflow': 'workflow.ts', 'perdure/activity': 'activity.ts', perdure: 'index.ts',
}

export interface Entry {
  readonly package: Package
  readonly name: string
  readonly kind: ExportedName['kind']
  /** Where it is found; undefined: nowhere. */
  readonly place: string | undefined
  readonly agreement: Agreement | undefined
  /** What is not the same; undefined: nothing, or it has not been told. */
  readonly how: string | undefined
  /** What the compiler says. */
  readonly problems: readonly string[]
  /** Why it is not here. */
  readonly reason: string | undefined
}

export function catalogue(): readonly Entry[] {
  const folder = join(import.meta.dirname, '../../../packages/perdure/src')
  const ours = new Map(Object.entries(sources).map(([place, file]) => [place, exportsOf(join(folder, file))]))
  const names = packages.flatMap((of) => [...exportsOf(declarationsOf(`@temporalio/${of}`)).values()].map((exported) => ({ of, exported })))
  const found = names.map(({ of, exported }) => {
    const place = places[of].find((each) => ours.get(each)?.has(exported.name) === true)
    const own = place === undefined ? undefined : ours.get(place)?.get(exported.name)
    const pair: Pair | undefined = place === undefined || own === undefined ? undefined : {
      name: exported.name, real: { module: `@temporalio/${of}`, exported }, ours: { module: place, exported: own },
    }
    return { of, exported, place, pair }
  })
  const compared = agreements(found.flatMap(({ pair }) => pair ?? []))
  return found.map(({ of, exported, place, pair }): Entry => {
    const { agreement, problems = [] } = pair === undefined ? {} : compared.get(pair) ?? {}
    return {
      package: of, name: exported.name, kind: exported.kind, place, agreement, problems,
      how: agreement === undefined || agreement === 'same' ? undefined : howOf(of, exported.name, problems),
      reason: reasonOf(of, exported.name),
    }
  })
}

function howOf(of: Package, name: string, problems: readonly string[]): string | undefined {
  const told = differing[`${of}.${name}`] ?? differing[name]
  if (told !== undefined) return told
  const known = problems.map((problem) => causes.find(({ says }) => says.test(problem))?.how)
  return known.includes(undefined) ? undefined : [...new Set(known)].join('; ')
}

export function reasonOf(of: Package, name: string): string | undefined {
  return exceptions.find((exception) => (exception.of ?? of) === of && exception.names.some((given) => {
    return typeof given === 'string' ? given === name : given.test(name)
  }))?.reason
}
