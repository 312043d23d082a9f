import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import type * as Tool from "effect/ai/Tool"
import type { Json } from "../json.ts"

/** What the public API is called with, taken from a recorded request. */
export interface Call {
  readonly model: string
  readonly prompt: ReadonlyArray<Prompt.MessageEncoded>
  readonly tools: ReadonlyArray<Tool.Any>
  readonly toolChoice: LanguageModel.ToolChoice<string> | undefined
  /** The JSON schema the answer was asked to follow. */
  readonly schema: { readonly name: string; readonly schema: Json } | undefined
  /** Whether the client asked for a stream, which an error may have answered with plain JSON. */
  readonly stream: boolean
  /** The vendor's own tools among `tools`, by the type names their calls have in an answer. */
  readonly declared: ReadonlySet<string>
  /** The caller's name for a tool the vendor knows by another. */
  readonly customName: (providerName: string) => string
}

/** Asks for what an embeddings request asked for. */
export interface EmbeddingCall {
  readonly model: string
  readonly inputs: ReadonlyArray<string>
}

/** The prompt where no request was recorded. */
export const plainPrompt: ReadonlyArray<Prompt.MessageEncoded> = [{ role: "user", content: "Go on." }]
