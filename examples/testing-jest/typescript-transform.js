/** Jest hands each TypeScript file to this before it runs it: what is left is JavaScript, line by line where it was. */
import { stripTypeScriptTypes } from 'node:module'

// oxlint-disable-next-line import/no-default-export -- Jest takes nothing else
export default { process: (source) => ({ code: stripTypeScriptTypes(source) }) }
