import { Context } from 'perdure/activity'

export async function hang(): Promise<void> {
  await Context.current().sleep('1 day')
}

export async function neverWorks(): Promise<void> {
  throw new Error('out of order')
}
