/** Older versions of Node load these packages, and fail later at something that says nothing: node:sqlite, a missing method. */
import { PerdureError } from '@perdure/engine'

const nodeMajorMin = 24

/** @throws PerdureError NODE_TOO_OLD */
export function requireNode(version = process.versions.node): void {
  if (Number(version.split('.')[0]) >= nodeMajorMin) return
  const remedy = 'install a later one, or put it first in PATH'
  throw new PerdureError('NODE_TOO_OLD', `Perdure needs Node.js ${nodeMajorMin} or later, and this is ${version}; ${remedy}`)
}
