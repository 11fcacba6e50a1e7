/** Names of the variables that give settings: `PERDURE_` and the path in capitals, and a few names that others brought. */

/** After the variable of the setting's own name, in this order. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  'url': ['PERDURE_DATABASE', 'DATABASE_URL'],
  'namespace': ['TEMPORAL_NAMESPACE'],
  'task_queue': ['TEMPORAL_TASK_QUEUE'],
  'logging.level': ['PERDURE_LOG_LEVEL'],
}
const foreign = new Set(Object.values(aliases).flat())

/** Variables that may give the setting of this path; the first one that is set wins. */
export function variablesOf(path: readonly string[]): readonly string[] {
  return [`PERDURE_${path.join('_').toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`, ...(aliases[path.join('.')] ?? [])]
}

/** False: the variable is not about Perdure. */
export function maySet(variable: string): boolean {
  return variable.startsWith('PERDURE_') || foreign.has(variable)
}
