/**
 * Calls without tools, which are most. `effect/ai` builds and compiles the schemas of their answers anew for each call,
 * and has them judge every part; both are left out here. What comes out is the same, and a test holds it to that.
 *
 * Whatever needs more of the framework (tools, approvals, a `ResponseIdTracker`, a span transformer) goes to it.
 */
import * as AiError from "effect/ai/AiError"
import * as IdGenerator from "effect/ai/IdGenerator"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Prompt from "effect/ai/Prompt"
import { ResponseIdTracker } from "effect/ai/ResponseIdTracker"
import { CurrentSpanTransformer } from "effect/ai/Telemetry"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Span } from "effect/Tracer"
import { streamParts, wholeParts } from "./decodeParts.ts"
import { withAnswer } from "./keptAnswer.ts"

type Service = LanguageModel.LanguageModel
type Options = Parameters<Service["streamText"]>[0]

/** The two functions that `LanguageModel.make` takes. */
export type Hooks = Pick<Parameters<typeof LanguageModel.make>[0], "generateText" | "streamText">

/** The service `full`, its calls without tools on a short way to the same hooks. */
export const shortenCalls = (full: Service, hooks: Hooks): Effect.Effect<Service> =>
  Effect.map(Effect.context(), (built: Context.Context<never>) => {
    // The framework, too, takes these two from where the service is built.
    if (Context.getOrUndefined(built, CurrentSpanTransformer) !== undefined) return full
    const ids = Context.getOrUndefined(built, IdGenerator.IdGenerator) ?? IdGenerator.defaultIdGenerator

    const generateText = (options: Options) =>
      Effect.contextWith((context: Context.Context<never>): Effect.Effect<unknown, unknown, unknown> => {
        const prompt = plainPrompt(options, context)
        return prompt === undefined ? full.generateText(options) : Effect.useSpan(
          "LanguageModel.generateText",
          { kind: "client" },
          (span) =>
            hooks.generateText(requestOf(options, prompt, span)).pipe(
              Effect.flatMap((answer) =>
                wholeParts(answer).pipe(
                  Effect.mapError((error) => withAnswer(invalid("generateText", error), answer)),
                  Effect.map((parts) => new LanguageModel.GenerateTextResponse(parts))
                )
              ),
              Effect.withParentSpan(span, { captureStackTrace: false }),
              Effect.provideService(IdGenerator.IdGenerator, ids)
            )
        )
      })

    const streamText = (options: Options) =>
      Effect.contextWith((
        context: Context.Context<never>
      ): Effect.Effect<Stream.Stream<unknown, unknown, unknown>, never, Scope.Scope> => {
        const prompt = plainPrompt(options, context)
        return prompt === undefined ? Effect.succeed(full.streamText(options)) : Effect.map(
          Effect.makeSpanScoped("LanguageModel.streamText", { kind: "client" }),
          (span) =>
            hooks.streamText(requestOf(options, prompt, span)).pipe(
              Stream.mapArrayEffect((read) =>
                Effect.mapError(streamParts(read), (error) => invalid("streamText", error))
              ),
              Stream.provideService(IdGenerator.IdGenerator, ids)
            )
        )
      }).pipe(Stream.unwrap)

    return {
      ...full,
      // What comes out has the types that the options ask for: without a toolkit, parts without tools.
      generateText: generateText as Service["generateText"],
      streamText: streamText as Service["streamText"]
    }
  })

/** The prompt of a call that may go the short way. */
const plainPrompt = (options: Options, context: Context.Context<never>): Prompt.Prompt | undefined => {
  if (
    // By its type it is always there.
    (options.toolkit as unknown) !== undefined ||
    options.toolCallValidation === "deferred" ||
    Context.getOrUndefined(context, ResponseIdTracker) !== undefined ||
    Context.getOrUndefined(context, CurrentSpanTransformer) !== undefined
  ) return undefined
  const prompt = readPrompt(options.prompt)
  return prompt === undefined || prompt.content.some(hasApproval) ? undefined : prompt
}

/** Messages that are none fail in the framework; an iterable could be read only once. */
const readPrompt = (input: Prompt.RawInput): Prompt.Prompt | undefined => {
  if (typeof input === "string" || Prompt.isPrompt(input)) return Prompt.make(input)
  if (!Array.isArray(input)) return undefined
  try {
    return Prompt.make(input)
  } catch {
    return undefined
  }
}

const hasApproval = (message: Prompt.Message): boolean =>
  message.role === "tool" && message.content.some((part) => part.type === "tool-approval-response")

const requestOf = (options: Options, prompt: Prompt.Prompt, span: Span): LanguageModel.ProviderOptions => {
  const { concurrency = "unbounded", toolChoice = "auto" } = options
  span.attribute("gen_ai.output.type", "text")
  span.attribute("effect.ai.tool_choice", typeof toolChoice === "string" ? toolChoice : JSON.stringify(toolChoice))
  span.attribute("effect.ai.concurrency", concurrency)
  return {
    prompt,
    tools: [],
    toolChoice: "none",
    responseFormat: { type: "text" },
    span,
    previousResponseId: undefined,
    incrementalPrompt: undefined
  }
}

const invalid = (method: string, error: Schema.SchemaError): AiError.AiError =>
  AiError.make({
    module: "LanguageModel",
    method,
    reason: AiError.InvalidOutputError.fromSchemaError(error)
  })
