import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import type * as Tool from "effect/ai/Tool"
import type { Json, JsonObject } from "../json.ts"
import type { Settings } from "./settings.ts"

/** What the public API is called with, taken from a recorded request. */
export interface Call {
  readonly model: string
  readonly prompt: ReadonlyArray<Prompt.MessageEncoded>
  readonly tools: ReadonlyArray<Tool.Any>
  readonly toolChoice: LanguageModel.ToolChoice<string> | undefined
  readonly settings: Settings
  readonly format: Format | undefined
  /** Whether the client asked for a stream, which an error may have answered with plain JSON. */
  readonly stream: boolean
  /** The names of the vendor's own tools among `tools`, by the type names their calls have in an answer. */
  readonly declared: ReadonlyMap<string, ReadonlyArray<string>>
  /** The caller's name for a tool the vendor knows by another. */
  readonly customName: (providerName: string) => string
}

/** The form the answer was asked to have. */
export interface Format {
  /** The JSON schema, where there is one. */
  readonly schema: Json | undefined
  readonly name: string
  /** The members of the body that ask for it, for calls that are not for an object. */
  readonly members: JsonObject
}

/** Asks for what an embeddings request asked for. */
export interface EmbeddingCall {
  readonly model: string
  readonly inputs: ReadonlyArray<string>
  readonly settings: Settings
}

/** The prompt where no request was recorded. */
export const plainPrompt: ReadonlyArray<Prompt.MessageEncoded> = [{ role: "user", content: "Go on." }]

/** The same model asked for nothing in particular. */
export const plainCall = (call: Call): Call => ({
  ...call,
  prompt: plainPrompt,
  tools: [],
  toolChoice: undefined,
  settings: {},
  format: undefined,
  declared: new Map()
})
