/** The type of a case, apart from the lists that have them. */
import type * as Capability from "@llm-layers/core/Capability"
import type * as Settings from "@llm-layers/core/Settings"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Prompt from "effect/ai/Prompt"
import type * as Tool from "effect/ai/Tool"
import type * as Schema from "effect/Schema"

/** One prompt, with what goes with it. */
export interface PromptCase {
  /** What is asked, in a few words. No two cases have the same. */
  readonly name: string
  /**
   * What a model must be able to do. One that cannot has to refuse the case before the network; one that can has to
   * take it.
   */
  readonly needs: ReadonlyArray<Capability.Flag>
  readonly prompt: Prompt.Prompt
  /** Offered with the prompt. None of them has a handler, and none is to be run. */
  readonly tools: ReadonlyArray<Tool.Any>
  readonly toolChoice: LanguageModel.ToolChoice<string> | undefined
  /** For `generateObject`. */
  readonly object: ObjectAsked | undefined
  /** What the model has to be set to. */
  readonly settings: Settings.Common
}

/** What `generateObject` is asked for. */
export interface ObjectAsked {
  readonly name: string
  readonly schema: ObjectSchema
  /** One value of the schema, decoded: what an answer in a test can be made of. */
  readonly value: unknown
}

/** `generateObject` wants an encoded side with members; a list has them as well. */
export type ObjectSchema = Schema.Codec<unknown, { readonly [key: string]: unknown }>

/** What a case is made of; what is left out is empty. */
export type Given =
  & { readonly name: string; readonly prompt: Prompt.RawInput }
  & {
    readonly [Key in Exclude<keyof PromptCase, "name" | "prompt">]?: PromptCase[Key] | undefined
  }

/** A case of one's own. A text alone is a message of the user. */
export const make = (given: Given): PromptCase => ({
  name: given.name,
  needs: given.needs ?? [],
  prompt: Prompt.make(given.prompt),
  tools: given.tools ?? [],
  toolChoice: given.toolChoice,
  object: given.object,
  settings: given.settings ?? {}
})
