/** Asks a case and says what came back of it. */
import * as Warning from "@llm-layers/core/Warning"
import * as ConformancePrompts from "@llm-layers/testing/ConformancePrompts"
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Got } from "./Vendor.ts"

export const ask = (
  asked: ConformancePrompts.PromptCase,
  mode: "generate" | "stream"
): Effect.Effect<Got, AiError.AiError, LanguageModel.LanguageModel> =>
  mode === "generate"
    ? Effect.map(ConformancePrompts.generate(asked), ({ object, parts }) => ({ warnings: warningsOf(parts), object }))
    : Effect.map(Stream.runCollect(ConformancePrompts.stream(asked)), (parts) => ({ warnings: warningsOf(parts) }))

const warningsOf = (parts: ReadonlyArray<Response.AnyPart>): ReadonlyArray<string> =>
  Warning.of(parts).map(({ about, message }) => `${about}: ${message}`)
