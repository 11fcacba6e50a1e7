/** `npm run test:workers` takes all scenarios at their full size; the suites that run it beside everything else take a share. */
export const takesAll = process.env['PERDURE_WORKER_TESTS'] === 'all'

/** How many of something a scenario makes. */
export function sized({ all, share }: { readonly all: number; readonly share: number }): number {
  return takesAll ? all : share
}
