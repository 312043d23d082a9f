/**
 * The arguments of a tool call: from the text a model wrote to the form `effect/ai` hands to the tool.
 */
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Tool from "effect/ai/Tool"
import * as Effect from "effect/Effect"
import type * as JsonSchema from "effect/JsonSchema"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Metadata from "./Metadata.ts"

/**
 * The arguments as JSON. No text means no arguments. What is not JSON stays the text it is, marked in the metadata: the
 * tool's own schema then rejects it with a `ToolParameterValidationError`, or the model is told, as the tool's
 * `failureMode` says; one bad call does not end the whole answer.
 *
 * @example
 * ```ts
 * import * as ToolParameters from "@llm-layers/core/ToolParameters"
 * import { deepStrictEqual } from "node:assert"
 *
 * deepStrictEqual(ToolParameters.parse(`{"city":"Lima"}`).params, { city: "Lima" })
 * deepStrictEqual(ToolParameters.parse("").params, {})
 * deepStrictEqual(ToolParameters.parse(`{"city":`).params, `{"city":`)
 * ```
 */
export const parse = (
  text: string
): { readonly params: unknown; readonly metadata: Metadata.Metadata | undefined } => {
  if (text.trim() === "") return { params: {}, metadata: undefined }
  try {
    return { params: Tool.unsafeSecureJsonParse(text), metadata: undefined }
  } catch {
    return { params: text, metadata: Metadata.make(Metadata.namespace, { invalidJson: true }) }
  }
}

/**
 * From what the model sent under the transformed schema to the tool's own encoded form: `null` for an optional member
 * becomes absent, entry lists become records again. What does not fit passes unchanged, so that the tool answers.
 */
export const decode = (
  tool: Tool.Any,
  params: unknown,
  transformer: LanguageModel.CodecTransformer
): Effect.Effect<unknown> => {
  // What the model was shown is what the tool takes: nothing was transformed.
  if (Tool.isProviderDefined(tool) || (Tool.isDynamic(tool) && tool.jsonSchema !== undefined)) {
    return Effect.succeed(params)
  }
  // A tool's schema may need services; those that do pass unchanged when the services are absent.
  const schema = tool.parametersSchema as unknown as Schema.ConstraintCodec<unknown, unknown>
  return Effect.sync(() => {
    try {
      const { codec } = transformer(schema)
      const value = Schema.decodeUnknownOption(codec)(params)
      if (Option.isNone(value)) return params
      return Option.getOrElse(Schema.encodeUnknownOption(schema)(value.value), () => params)
    } catch {
      return params
    }
  })
}

/**
 * The JSON schema of a tool for the wire. Dynamic tools keep the schema they were given.
 */
export const jsonSchema = (tool: Tool.Any, transformer: LanguageModel.CodecTransformer): JsonSchema.JsonSchema =>
  Tool.getJsonSchema(tool, { transformer })

/**
 * The same transformer, each schema transformed once: a transformation costs milliseconds and is asked for with every
 * request and every tool call.
 */
export const memoize = (transformer: LanguageModel.CodecTransformer): LanguageModel.CodecTransformer => {
  const known = new WeakMap<object, unknown>()
  // The type parameters are those of the schema that is the key, so what comes out of the map is of the type asked for.
  return ((schema: Schema.ConstraintCodec<unknown, unknown>) => {
    const before = known.get(schema)
    if (before !== undefined) return before
    const made = transformer(schema)
    known.set(schema, made)
    return made
  }) as LanguageModel.CodecTransformer
}

/**
 * For vendors that take JSON Schema as it is. The codec is that of JSON, which the schema speaks of: the default
 * transformer of `effect/ai` keeps the schema's own encoded form, in which a `Schema.Date` is no text.
 */
export const plain: LanguageModel.CodecTransformer = memoize((schema) => ({
  codec: Schema.toCodecJson(schema),
  jsonSchema: LanguageModel.defaultCodecTransformer(schema).jsonSchema
}))
