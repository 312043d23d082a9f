/** Whether an answer is worth keeping: one that would fail above the driver would fail again with every hit. */
import type * as Driver from "@llm-layers/core/Driver"
import * as PartCollector from "@llm-layers/core/PartCollector"
import type * as PartStream from "@llm-layers/core/PartStream"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Response from "effect/ai/Response"
import * as Tool from "effect/ai/Tool"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

/** An answer, for those who say which are kept. */
export interface Answer {
  /** Whole texts and tool calls, also of a stream. */
  readonly parts: ReadonlyArray<Response.PartEncoded>
  readonly reason: Response.FinishReason
}

/** Says which answers are kept. */
export interface CacheWhen {
  (answer: Answer): boolean
}

/** Those that ended by themselves. One that was cut by a limit or a filter may be whole the next time. */
export const ended: CacheWhen = ({ reason }) => reason === "stop" || reason === "tool-calls"

/** Whether whole parts are kept. */
export const isKept = (
  driver: Driver.Driver,
  options: LanguageModel.ProviderOptions,
  cacheWhen: CacheWhen,
  parts: ReadonlyArray<Response.PartEncoded>
): boolean => {
  const finishes = parts.filter((part) => part.type === "finish")
  const [finish] = finishes
  return finish !== undefined && finishes.length === 1 && parts.at(-1) === finish &&
    cacheWhen({ parts, reason: finish.reason }) && hasObject(driver, options, parts) &&
    parts.every((part) => part.type !== "tool-call" || fits(driver, options, part))
}

/** The parts of a stream as whole ones. */
export const whole = (parts: ReadonlyArray<PartStream.Part>): ReadonlyArray<Response.PartEncoded> => {
  const collector = new PartCollector.Collector()
  collector.push(parts)
  return collector.parts
}

/** Whether there is the object that was asked for, if one was. */
const hasObject = (
  { codecTransformer }: Driver.Driver,
  { responseFormat }: LanguageModel.ProviderOptions,
  parts: ReadonlyArray<Response.PartEncoded>
): boolean => {
  if (responseFormat.type === "text") return true
  const text = parts.map((part) => part.type === "text" ? part.text : "").join("")
  return decodes(() => codecTransformer(responseFormat.schema).codec, () => JSON.parse(text))
}

/** Whether a call of a tool of the program has the arguments that the tool takes. */
const fits = (
  { codecTransformer }: Driver.Driver,
  { tools }: LanguageModel.ProviderOptions,
  { name, params, providerExecuted }: Response.ToolCallPartEncoded
): boolean => {
  if (providerExecuted === true) return true
  const tool = tools.find((one) => one.name === name)
  if (tool === undefined) return false
  if (Tool.isProviderDefined(tool)) return true
  return decodes(
    () => tool.parametersSchema,
    () => Effect.runSync(ToolParameters.decode(tool, params, codecTransformer))
  )
}

/** Whether the value is one of the schema. One that needs services cannot be told without them. */
const decodes = (schemaOf: () => unknown, valueOf: () => unknown): boolean => {
  try {
    // Services that a schema needs are not there: it dies then, and the answer is not kept.
    const schema = schemaOf() as Schema.ConstraintCodec<unknown, unknown>
    return Option.isSome(Schema.decodeUnknownOption(schema)(valueOf()))
  } catch {
    return false
  }
}
