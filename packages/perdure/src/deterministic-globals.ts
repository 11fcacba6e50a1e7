/** Imported first: libraries that are loaded after it get the globals that behave inside workflows. */
import { installDeterministicGlobals } from '@perdure/engine'

installDeterministicGlobals()
