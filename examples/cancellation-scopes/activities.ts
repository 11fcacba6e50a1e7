import { Context, heartbeat } from 'perdure/activity'

/** Takes an hour, unless it is told to stop: with a heartbeat, wherever it runs. */
export async function cook(dish: string): Promise<string> {
  for (let minutes = 0; minutes < 60; minutes++) {
    heartbeat(minutes)
    await Context.current().sleep('1 minute')
  }
  return dish
}

export async function cleanUp(dish: string): Promise<string> {
  return `${dish}: the kitchen is clean`
}
