/** One question: its parts from arguments, files and standard input, and its answer as it comes. */
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Prompt from "effect/ai/Prompt"
import type * as Response from "effect/ai/Response"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Output from "./output.ts"

/** Streams an answer to standard output, and gives what it was. */
export const stream = (prompt: Prompt.RawInput) =>
  Effect.suspend(() => {
    let text = ""
    let usage: Response.Usage | undefined
    return LanguageModel.streamText({ prompt }).pipe(
      Stream.runForEachArray((parts) => {
        let piece = ""
        for (const part of parts) {
          if (part.type === "text-delta") piece += part.delta
          if (part.type === "finish") usage = part.usage
        }
        text += piece
        return piece === "" ? Effect.void : Output.write(piece)
      }),
      Effect.map(() => ({ text, usage }))
    )
  })
