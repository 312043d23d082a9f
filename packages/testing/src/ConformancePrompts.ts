/**
 * Prompts that every provider has to be able to send, or to refuse before the network, as data: each role in each
 * place, files in each form, tools, their calls and results, structured output, the settings all providers share.
 *
 * They are what `Conformance` asks with. They can be asked by themselves, to see what a provider makes of them.
 */
import type * as AiError from "effect/ai/AiError"
import * as LanguageModel from "effect/ai/LanguageModel"
import type * as Response from "effect/ai/Response"
import type * as Tool from "effect/ai/Tool"
import type * as Toolkit from "effect/ai/Toolkit"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { media } from "./internal/prompts/media.ts"
import { messages } from "./internal/prompts/messages.ts"
import { objects } from "./internal/prompts/objects.ts"
import { orders } from "./internal/prompts/orders.ts"
import type { PromptCase } from "./internal/prompts/PromptCase.ts"
import { results } from "./internal/prompts/results.ts"
import { settings } from "./internal/prompts/settings.ts"
import { choices, definitions } from "./internal/prompts/tools.ts"

export type { Given, ObjectAsked, ObjectSchema, PromptCase } from "./internal/prompts/PromptCase.ts"
export { make } from "./internal/prompts/PromptCase.ts"
export type { Said } from "./internal/prompts/said.ts"
export { said } from "./internal/prompts/said.ts"

/** The cases by what they are about. */
export const groups = {
  /** Roles and texts. */
  messages,
  /** Every order of up to three turns: system, user, assistant, a call with its result. */
  orders,
  /** Images, PDFs, texts, audio and video of the user. */
  media,
  /** Tools and their parameters. */
  tools: definitions,
  /** Tool choice, and calls at once. */
  toolChoice: choices,
  /** Calls and results in the history. */
  toolResults: results,
  /** `generateObject`. */
  objects,
  /** Settings that mean the same with every vendor. */
  settings
} as const satisfies { readonly [group: string]: ReadonlyArray<PromptCase> }

/** All cases. No two have the same name. */
export const all: ReadonlyArray<PromptCase> = Object.values(groups).flat()

/** What came back for a case. */
export interface Answer {
  readonly parts: ReadonlyArray<Response.AnyPart>
  /** The decoded object, where one was asked for. */
  readonly object: unknown
}

/**
 * Asks a case with `generateText`, or with `generateObject` where it asks for an object. Tool calls of the answer are not
 * run. The settings of a case are not applied: they belong to the model that is provided.
 *
 * @example
 * ```ts
 * import * as ConformancePrompts from "@llm-layers/testing/ConformancePrompts"
 * import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
 * import { Effect } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * const river = ConformancePrompts.make({ name: "a river", prompt: "Which river runs through Lisbon?" })
 * const { parts } = await ConformancePrompts.generate(river).pipe(
 *   Effect.provide(ScriptedModel.layer(["The Tagus."])),
 *   Effect.runPromise
 * )
 * strictEqual(parts.at(-1)?.type, "finish")
 * ```
 */
export const generate = (asked: PromptCase): Effect.Effect<Answer, AiError.AiError, LanguageModel.LanguageModel> => {
  if (asked.object === undefined) {
    return Effect.map(LanguageModel.generateText(optionsOf(asked)), ({ content }) => answerOf(content, undefined))
  }
  const { name, schema } = asked.object
  return Effect.map(
    LanguageModel.generateObject({ ...optionsOf(asked), schema, objectName: name }),
    ({ content, value }) => answerOf(content, value)
  )
}

/** Asks a case with `streamText`. Of a case that asks for an object the text is asked: `effect/ai` streams no objects. */
export const stream = (
  asked: PromptCase
): Stream.Stream<Response.AnyPart, AiError.AiError, LanguageModel.LanguageModel> =>
  Stream.map(LanguageModel.streamText(optionsOf(asked)), asPart)

const optionsOf = ({ prompt, toolChoice, tools }: PromptCase) => ({
  prompt,
  disableToolCallResolution: true,
  toolkit: toolkitOf(tools),
  toolChoice
})

const toolkitOf = (tools: ReadonlyArray<Tool.Any>): Toolkit.WithHandler<Record<string, Tool.Any>> => ({
  tools: Object.fromEntries(tools.map((tool) => [tool.name, tool])),
  handle: (name) => Effect.die(new Error(`the tool ${name} was run`))
})

const answerOf = (content: ReadonlyArray<unknown>, object: unknown): Answer => ({ parts: content.map(asPart), object })

// The type of a part depends on the toolkit, of which only the names are known here.
const asPart = (part: unknown): Response.AnyPart => part as Response.AnyPart
