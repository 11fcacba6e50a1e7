export { PerdureError } from '@perdure/workflow/host'
