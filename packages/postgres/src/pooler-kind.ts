/** Apart from what asks a connection: these types are seen by users, who need not have those of the driver. */
export type Pooler = 'transaction'
/** Which pooler there is, for who knows it: nothing is looked for then. */
export type PoolerGiven = Pooler | 'none'
