/** The key of a request: a digest of all that decides what is sent. */
import type * as Driver from "@llm-layers/core/Driver"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Tool from "effect/ai/Tool"
import type * as JsonSchema from "effect/JsonSchema"
import { digestOf } from "./canonical.ts"

/** How an answer is given. Answers of the two are kept apart: neither can be made of the other as the vendor would. */
export type Way = "generateText" | "streamText"

/** Changed whenever the same request gets another key or an entry another form. */
export const format = 1

/** Makes the keys of a driver. `undefined` for a request that cannot be told apart from others. */
export const make = (
  driver: Driver.Driver
): (way: Way, identity: object, options: LanguageModel.ProviderOptions) => string | undefined => {
  const { codecTransformer, model, module, provider } = driver
  const digestOfSchema = memoized((schema: JsonSchema.JsonSchema) => digestOf(schema))
  const digestOfTool = memoized((tool: Tool.Any) => digestOf(toolMembers(tool, codecTransformer)))
  return (way, identity, options) => {
    const { incrementalPrompt, previousResponseId, prompt, responseFormat, toolChoice, tools } = options
    const offered: Array<string> = []
    for (const tool of tools) {
      const one = digestOfTool(tool)
      if (one === undefined) return undefined
      offered.push(one)
    }
    const asked = responseFormat.type === "text"
      ? "text"
      : schemaOf(() => codecTransformer(responseFormat.schema).jsonSchema)
    const object = asked === "text" ? asked : asked === undefined ? undefined : digestOfSchema(asked)
    if (object === undefined) return undefined
    return digestOf([
      format,
      way,
      provider,
      module,
      model,
      identity,
      prompt.content,
      offered,
      toolChoice,
      object,
      responseFormat.type === "text" ? undefined : responseFormat.objectName,
      previousResponseId,
      incrementalPrompt?.content
    ])
  }
}

/** What a model is told of a tool, and what a provider reads of it. */
const toolMembers = (tool: Tool.Any, transformer: LanguageModel.CodecTransformer): object => ({
  name: tool.name,
  description: Tool.getDescription(tool),
  // Those of the program and those of the framework, such as whether it is strict.
  annotations: [...tool.annotations.mapUnsafe].filter(([, value]) => value !== undefined).toSorted(([a], [b]) =>
    a < b ? -1 : 1
  ),
  ...(Tool.isProviderDefined(tool)
    ? { id: tool.id, providerName: tool.providerName, args: tool.args }
    : {
      schema: schemaOf(() => ToolParameters.jsonSchema(tool, transformer)) ??
        schemaOf(() => ToolParameters.jsonSchema(tool, ToolParameters.plain)) ??
        unwritable
    })
})

/** Makes a digest impossible. */
const unwritable = Symbol("unwritable")

/** A schema that cannot be sent is the driver's to tell. */
const schemaOf = (make: () => JsonSchema.JsonSchema): JsonSchema.JsonSchema | undefined => {
  try {
    return make()
  } catch {
    return undefined
  }
}

const memoized = <K extends object, V>(make: (key: K) => V): (key: K) => V => {
  const known = new WeakMap<K, { readonly value: V }>()
  return (key) => {
    const before = known.get(key)
    if (before !== undefined) return before.value
    const value = make(key)
    known.set(key, { value })
    return value
  }
}
