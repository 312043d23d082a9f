/**
 * JSON Schema as OpenAI's strict mode takes it, for structured output and for the parameters of tools.
 */
import * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import type * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import { toCodecOpenAI } from "effect/ai/OpenAiStructuredOutput"
import * as Tool from "effect/ai/Tool"
import type * as JsonSchema from "effect/JsonSchema"
import * as Schema from "effect/Schema"
import * as Getter from "effect/SchemaGetter"
import { completeParameters } from "./internal/completeSchema.ts"

/**
 * `toCodecOpenAI` of `effect/ai`, for every root: OpenAI wants an object that is no union, so a list, a union or a record
 * travels as the member `value` of an object and comes out without it. Each schema is transformed once.
 *
 * @example
 * ```ts
 * import * as OpenAiSchema from "@llm-layers/openai-compatible/OpenAiSchema"
 * import { Schema } from "effect"
 * import { deepStrictEqual } from "node:assert"
 *
 * const { codec, jsonSchema } = OpenAiSchema.codecTransformer(Schema.Array(Schema.String))
 * deepStrictEqual(Object.keys(jsonSchema.properties ?? {}), ["value"])
 * deepStrictEqual(Schema.decodeUnknownSync(codec)({ value: ["a", "b"] }), ["a", "b"])
 * ```
 */
export const codecTransformer: LanguageModel.CodecTransformer = ToolParameters.memoize((schema) => {
  try {
    return toCodecOpenAI(schema)
  } catch (thrown) {
    try {
      return wrap(schema)
    } catch {
      // What is wrong with the schema itself says more than what is wrong with its wrapping.
      throw thrown
    }
  }
})

const wrap = <T, E, RD, RE>(schema: Schema.ConstraintCodec<T, E, RD, RE>): {
  readonly codec: Schema.ConstraintCodec<T, unknown, RD, RE>
  readonly jsonSchema: ReturnType<LanguageModel.CodecTransformer>["jsonSchema"]
} => {
  const { codec, jsonSchema } = toCodecOpenAI(Schema.Struct({ value: schema }))
  const unwrapped = Schema.decodeTo(Schema.toType(schema), {
    // The one member named above; a struct's members are computed from `schema`, which is not known here.
    decode: Getter.transform((wrapper) => (wrapper as { readonly value: T }).value),
    encode: Getter.transform((value): unknown => ({ value }))
  })
  // As above: with the struct's one member known, this is what the pieces add up to.
  return { codec: unwrapped(codec) as unknown as Schema.ConstraintCodec<T, unknown, RD, RE>, jsonSchema }
}

const completed = new WeakMap<object, JsonSchema.JsonSchema>()

/**
 * The parameters of a tool as OpenAI takes them of any tool, strict or not: an object has `properties` ("object schema
 * missing properties") and a list `items` ("array schema missing items"). Schemas of MCP servers often lack them.
 *
 * @example
 * ```ts
 * import * as ToolParameters from "@llm-layers/core/ToolParameters"
 * import * as OpenAiSchema from "@llm-layers/openai-compatible/OpenAiSchema"
 * import { Tool } from "effect/ai"
 * import { deepStrictEqual } from "node:assert"
 *
 * const now = Tool.dynamic("now", { parameters: { type: "object" } })
 * deepStrictEqual(OpenAiSchema.parameters(now, ToolParameters.plain), { type: "object", properties: {} })
 * ```
 */
export const parameters = (tool: Tool.Any, transformer: LanguageModel.CodecTransformer): JsonSchema.JsonSchema => {
  const schema = ToolParameters.jsonSchema(tool, transformer)
  const before = completed.get(schema)
  if (before !== undefined) return before
  const whole = completeParameters(schema)
  completed.set(schema, whole)
  return whole
}

const known = new WeakMap<object, boolean>()

/**
 * Whether strict mode accepts a schema: every object closed, all of its members required, and a type everywhere.
 * `Schema.Unknown` has no type, and the schemas of dynamic tools are as somebody else wrote them.
 */
export const isStrict = (schema: unknown): boolean => {
  if (!Json.isRecord(schema)) return false
  const before = known.get(schema)
  if (before !== undefined) return before
  const strict = isStrictNode(schema) && Object.values(Json.record(schema["$defs"])).every(isStrict)
  known.set(schema, strict)
  return strict
}

const isStrictNode = (schema: Json.JsonRecord): boolean => {
  if (Array.isArray(schema["anyOf"])) return schema["anyOf"].every(isStrict)
  if ("$ref" in schema || "enum" in schema || "const" in schema) return true
  switch (schema["type"]) {
    case undefined:
      return false
    case "object": {
      const properties = Json.record(schema["properties"])
      const required = Json.list(schema["required"])
      return schema["additionalProperties"] === false &&
        Object.entries(properties).every(([name, member]) => required.includes(name) && isStrict(member))
    }
    case "array":
      return isStrict(schema["items"])
    default:
      return true
  }
}

/** What decides whether a tool is sent as strict. */
export interface StrictnessOptions {
  readonly subject: Capability.Subject
  readonly tool: Tool.Any
  /** Its parameters, as they are sent. */
  readonly parameters: unknown
  /** The settings of the call. */
  readonly settings: {
    readonly strictTools?: boolean | undefined
    readonly unsupported?: "error" | "warn" | undefined
  }
  /** Whether tools are strict where neither the tool nor the setting says. */
  readonly byDefault: boolean
}

/** Whether a tool is sent as strict, and what is to be said of it: an error, or a warning. */
export interface Strictness {
  readonly strict: boolean
  readonly refused?: AiError.AiError
  readonly warning?: Warning.Warning
}

/**
 * Whether a tool is sent as strict: the tool's own word (`Tool.Strict`), then the setting, then the default. Strictness
 * that was asked for is refused where the model has none; a schema that does not allow what the setting asks of all
 * tools is sent without, with a warning.
 */
export const strictness = (options: StrictnessOptions): Strictness => {
  const { parameters, settings, subject, tool } = options
  const ofTool = Tool.getStrictMode(tool)
  const asked = ofTool ?? settings.strictTools
  if (asked === false) return { strict: false }
  if (asked === undefined) {
    // Somebody else wrote the schema of a dynamic tool, and strict mode knows few of the keywords it may have.
    const own = !Tool.isDynamic(tool) || tool.jsonSchema === undefined
    return { strict: options.byDefault && subject.capabilities.strictTools && own && isStrict(parameters) }
  }
  const refused = Capability.checkSettings(subject, [{ flag: "strictTools", name: "strictTools", given: true }])
  if (refused !== undefined) {
    return settings.unsupported === "warn"
      ? without(`${subject.model} does not support strict tools; ${tool.name} was sent without`)
      : { strict: false, refused }
  }
  return ofTool === undefined && !isStrict(parameters)
    ? without(`the schema of ${tool.name} does not allow strict mode; it was sent without`)
    : { strict: true }
}

const without = (message: string): Strictness => ({ strict: false, warning: { about: "strictTools", message } })

/** The name of a schema as the API takes it: letters, digits, underscores and dashes, 64 at most. */
export const formatName = (name: string): string => name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 64) || "answer"
