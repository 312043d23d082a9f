/**
 * Provider metadata on response parts and errors: a record of JSON, one namespace a provider.
 *
 * `effect/ai` refuses metadata that holds `undefined`, a function or a class instance, and with it the whole response,
 * so every value that goes there passes through {@link make}.
 */
import type { MutableJson } from "effect/Schema"

/**
 * The namespace of what this project itself adds: warnings on a response, the kind and the partial answer on an error.
 */
export const namespace = "llmLayers"

/**
 * What `effect/ai` accepts as metadata of a part or an error.
 */
export type Metadata = { [namespace: string]: MutableJson }

/**
 * Metadata of one provider. Members that are `undefined` are left out at every depth; an empty record stays out whole.
 *
 * @example
 * ```ts
 * import * as Metadata from "@llm-layers/core/Metadata"
 * import { deepStrictEqual } from "node:assert"
 *
 * deepStrictEqual(Metadata.make("openai", { itemId: "rs_1", status: undefined }), { openai: { itemId: "rs_1" } })
 * deepStrictEqual(Metadata.make("openai", { itemId: undefined }), {})
 * ```
 */
export const make = (provider: string, fields: { readonly [key: string]: unknown }): Metadata => {
  const json = record(fields)
  for (const _ in json) return { [provider]: json }
  return {}
}

/**
 * Several namespaces in one record; of the same namespace the later members win.
 */
export const merge = (...all: ReadonlyArray<Metadata | undefined>): Metadata => {
  const out: Metadata = {}
  for (const one of all) {
    if (one === undefined) continue
    for (const key of Object.keys(one)) {
      const before = out[key]
      const value = one[key]
      if (value === undefined) continue
      out[key] = isRecord(before) && isRecord(value) ? { ...before, ...value } : value
    }
  }
  return out
}

/**
 * One member of a namespace, or `undefined`. Takes what is read from a part, a prompt's options or an error's metadata.
 */
export const get = (metadata: unknown, provider: string, key: string): MutableJson | undefined => {
  const inside = isRecord(metadata) ? metadata[provider] : undefined
  const value = isRecord(inside) ? inside[key] : undefined
  return value === undefined ? undefined : toJson(value)
}

/**
 * Any value as JSON: `undefined`, functions and symbols are left out, numbers that JSON lacks become `null`, dates and
 * URLs strings.
 */
export const toJson = (value: unknown): MutableJson | undefined => {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value
    case "number":
      return Number.isFinite(value) ? value : null
    case "bigint":
      return value.toString()
    case "object": {
      if (value === null) return null
      if (Array.isArray(value)) return value.map((item) => toJson(item) ?? null)
      if (value instanceof Date || value instanceof URL) return value.toJSON()
      if (value instanceof Uint8Array) return Buffer.from(value).toString("base64")
      return record(value)
    }
    default:
      return undefined
  }
}

const record = (fields: object): { [key: string]: MutableJson } => {
  const out: { [key: string]: MutableJson } = {}
  for (const [key, value] of Object.entries(fields)) {
    const json = toJson(value)
    if (json !== undefined) out[key] = json
  }
  return out
}

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)
