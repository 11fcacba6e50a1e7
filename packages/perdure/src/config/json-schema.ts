/** The JSON schema of `perdure.yaml`, for editors. What it shows is what the settings schema checks. */
import { z } from 'zod'
import { sectionNames, settingsSchema } from './settings-schema.ts'

type Schema = Record<string, unknown>

export function configurationJsonSchema(): Schema {
  const generated = z.toJSONSchema(settingsSchema, { target: 'draft-7', io: 'input', override: adapted })
  const definitions = generated.properties as Schema
  const settings = {
    type: ['object', 'null'],
    properties: Object.fromEntries(Object.keys(definitions).map((key) => [key, { $ref: `#/definitions/${key}` }])),
    additionalProperties: false,
  }
  const section = { $ref: '#/definitions/settings' }
  return {
    $schema: generated.$schema,
    title: 'Configuration of Perdure',
    description: 'perdure.yaml; ${NAME} and ${NAME:-default} stand for environment variables. All settings may stand under one key.',
    ...settings,
    properties: { ...settings.properties, ...Object.fromEntries(sectionNames.map((name) => [name, section])) },
    definitions: { ...definitions, settings },
  }
}

/** As the file writes it: a number or a list may be a variable, and a mapping may have no lines yet. */
function adapted({ zodSchema, jsonSchema }: { readonly zodSchema: z.core.$ZodTypes; readonly jsonSchema: Schema }): void {
  const variable = { type: 'string', pattern: String.raw`\$\{` }
  if (zodSchema instanceof z.ZodObject || zodSchema instanceof z.ZodRecord) jsonSchema['type'] = ['object', 'null']
  if (zodSchema instanceof z.ZodUnion) jsonSchema['anyOf'] = [{ type: 'number', minimum: 0 }, { type: 'string', minLength: 1 }]
  if (!wholes.some((kind) => zodSchema instanceof kind)) return
  const { description, default: value, ...own } = jsonSchema
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key]
  Object.assign(jsonSchema, { description, default: value, anyOf: [own, variable] })
}
const wholes = [z.ZodNumber, z.ZodBoolean, z.ZodEnum, z.ZodArray]
