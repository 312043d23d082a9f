/** What a vendor's file says: its description, its APIs, how its models are made and what they are asked. */
import type * as Capability from "@llm-layers/core/Capability"
import type * as Settings from "@llm-layers/core/Settings"
import type { Said } from "@llm-layers/testing/ConformancePrompts"
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import type * as Tool from "effect/ai/Tool"
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type { Answer, Fetch, Sent } from "./capture.ts"
import type { Problem } from "./description/explain.ts"

/** What a vendor demands and its description does not say. */
export interface Rule {
  readonly name: string
  /** Where the vendor says so. */
  readonly source: string
  readonly check: (sent: Sent) => ReadonlyArray<Problem>
}

/** What was got from a request. */
export interface Got {
  readonly warnings: ReadonlyArray<string>
  /** The object, where one was asked for. */
  readonly object?: unknown
  /** What else has to be in the request, where that is known only now. */
  readonly said?: ReadonlyArray<Said>
}

/** A conversation that has begun. */
export interface History {
  readonly prompt: Effect.Effect<Prompt.Prompt, AiError.AiError>
  readonly tools: ReadonlyArray<Tool.Any>
}

/** One thing to ask a model of a vendor. */
export interface Check {
  readonly name: string
  readonly model: string
  readonly mode: "generate" | "stream" | "embed" | "rerank" | "tokenize" | "count" | "compact" | "list"
  /** What the stub answers, request by request; the last for all that follow. */
  readonly answers: readonly [Answer, ...ReadonlyArray<Answer>]
  readonly run: (fetch: Fetch) => Effect.Effect<Got, AiError.AiError>
  /** What has to be found in the last request, or be spoken of in a warning. */
  readonly said: ReadonlyArray<Said>
  /** The object the answer has. */
  readonly object?: unknown
  /** Capabilities the model lacks and the prompt needs: it must be refused. */
  readonly refusedFor: ReadonlyArray<Capability.Flag>
  /** Of a check that goes on with an answer of the vendor: what it goes on with. */
  readonly history?: History
}

/** One way to talk to a vendor. */
export interface Api {
  readonly name: string
  /** The path in the description that a request is an operation of, after `GET ` where it is no `POST`. */
  readonly operation: (sent: Sent) => string
  readonly checks: ReadonlyArray<Check>
  readonly rules: ReadonlyArray<Rule>
  /** For a language API: what goes on with the answers of all others. */
  readonly language?: LanguageApi
}

/** What no API and no model of a vendor can be asked. */
export interface Without {
  /** The name of the case. */
  readonly name: string
  readonly reason: string
}

export interface Vendor {
  readonly name: string
  /** The file of its description in the folder. */
  readonly file: string
  readonly apis: ReadonlyArray<Api>
  readonly without: ReadonlyArray<Without>
}

/** How the models of a language API are made and answered. `S` is what a model of it can be set to. */
export interface LanguageApi<S extends Settings.Common = Settings.Common> {
  /** The models that are asked everything; the first also what is the vendor's own, unless another is named. */
  readonly models: readonly [string, ...ReadonlyArray<string>]
  readonly capabilities: (model: string) => Capability.Capabilities
  readonly layer: (model: string, settings: S, fetch: Fetch) => Layer.Layer<LanguageModel.LanguageModel>
  readonly transformer: LanguageModel.CodecTransformer
  /** The smallest answer with a text. */
  readonly answer: (text: string) => Answer
}
