/**
 * The JSON schemas of a request: those of its tools and of its structured output. A transformation throws on what a vendor
 * cannot be told; here that is an error before the network.
 */
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Tool from "effect/ai/Tool"
import * as Effect from "effect/Effect"
import type * as JsonSchema from "effect/JsonSchema"
import * as ProviderError from "./ProviderError.ts"
import * as ToolParameters from "./ToolParameters.ts"

/**
 * Runs a transformation. `what` names the holder of the schema for the message of the error.
 *
 * @example
 * ```ts
 * import * as RequestSchema from "@llm-layers/core/RequestSchema"
 * import { Effect } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * const origin = { provider: "acme", module: "AcmeLanguageModel", method: "generateText" }
 * const refused = RequestSchema.attempt(origin, "the tool Weather", () => {
 *   throw new Error("it is recursive")
 * })
 * strictEqual((await Effect.runPromise(Effect.flip(refused))).reason._tag, "UnsupportedSchemaError")
 * ```
 */
export const attempt = <A>(
  origin: ProviderError.Origin,
  what: string,
  transform: () => A
): Effect.Effect<A, AiError.AiError> =>
  Effect.try({ try: transform, catch: (thrown) => ProviderError.unsupportedSchema(origin, what, whyOf(thrown)) })

/** Without the name of effect's module, which is that of another vendor where a provider shares its transformation. */
const whyOf = (thrown: unknown): unknown =>
  thrown instanceof Error ? thrown.message.replace(/^\w+StructuredOutput: /, "") : thrown

/** The schema of structured output, or `undefined` where none was asked for. */
export const ofFormat = (
  origin: ProviderError.Origin,
  format: LanguageModel.ProviderOptions["responseFormat"],
  transformer: LanguageModel.CodecTransformer
): Effect.Effect<JsonSchema.JsonSchema | undefined, AiError.AiError> =>
  format.type === "text"
    ? Effect.succeed(undefined)
    : attempt(origin, format.objectName, () => transformer(format.schema).jsonSchema)

/**
 * The schema of a tool's parameters, which is one object. A schema that the transformer refuses (a recursive one) goes as
 * it is where the tool need not be strict.
 */
export const ofTool = (
  origin: ProviderError.Origin,
  tool: Tool.Any,
  transformer: LanguageModel.CodecTransformer,
  strict: boolean
): Effect.Effect<JsonSchema.JsonSchema, AiError.AiError> => {
  const what = `the tool ${tool.name}`
  const made = attempt(origin, what, () => {
    try {
      return ToolParameters.jsonSchema(tool, transformer)
    } catch (thrown) {
      if (strict) throw thrown
      return ToolParameters.jsonSchema(tool, ToolParameters.plain)
    }
  })
  return Effect.flatMap(made, (schema) => {
    const object = asObject(schema)
    return object === undefined
      ? Effect.fail(ProviderError.unsupportedSchema(origin, what, "its parameters are not one object"))
      : Effect.succeed(object)
  })
}

/** The schema if it is that of an object, or says nothing of what it is; else `undefined`. */
export const asObject = (schema: JsonSchema.JsonSchema): JsonSchema.JsonSchema | undefined => {
  if (schema["type"] === "object") return schema
  const free = schema["type"] === undefined && !says.some((key) => key in schema)
  return free ? { ...schema, type: "object" } : undefined
}

/** Members that say what a schema is without a type. */
const says = ["$ref", "anyOf", "oneOf", "allOf", "enum", "const"]
