/** Places in the memory that a lease keeper and its thread share; each holds a time of process.hrtime.bigint(). */

/** The main thread last asked for its lease to be renewed. */
export const askedTime = 0
/** Its lease was last renewed. */
export const renewedTime = 1
/** The main thread last moved. It does while it waits for a server that does not answer: its lease then goes, but nothing hangs. */
export const movedTime = 2
export const leaseTimes = 3
