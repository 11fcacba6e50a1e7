/**
 * A payload is a value in its stored form: one line of text without raw line breaks.
 * JSON is written as it is (JSON.stringify escapes line breaks); the empty string stands for `undefined`;
 * a leading `:` is kept free for other encodings (encrypted, compressed), which no JSON text begins with.
 */
export type Payload = string & { readonly payloadBrand: true }

export const emptyPayload = '' as Payload
