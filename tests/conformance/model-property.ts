import type { Harness } from './store-conformance.ts'
export function modelProperty(_harness: Harness): void {}
