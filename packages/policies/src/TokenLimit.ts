/**
 * Requests that do not fit into the context window are refused, or trimmed, before the network.
 *
 * Tokens are estimated (`TokenEstimate`): what is refused may have fitted by a little, and what passes may not. Leave some
 * room in `max` where that matters.
 */
import type * as Driver from "@llm-layers/core/Driver"
import type * as Policy from "@llm-layers/core/Policy"
import * as PromptTrim from "@llm-layers/core/PromptTrim"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as TokenEstimate from "@llm-layers/core/TokenEstimate"
import type * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import * as Beginning from "./internal/beginning.ts"
import * as OptionChecks from "./internal/options.ts"
import * as Warned from "./internal/tokenLimit/warned.ts"

/** How long a request may be. */
export interface Options {
  /**
   * Tokens of input and output together: the context window. A function says it of the model, `undefined` where it does
   * not know it: nothing is limited then.
   */
  readonly max: number | ((model: Pick<Driver.Driver, "provider" | "model">) => number | undefined)
  /**
   * What is done with a longer request. `refuse` fails with `ContextOverflow`. `trim` leaves the oldest messages out and
   * says so in the warnings of the answer (`Warning.of`); system messages, the last user message and the messages that are
   * to be answered stay, and tool calls go with their results. Where that is not enough, it refuses. Default: `refuse`.
   */
  readonly onExceeded?: "refuse" | "trim" | undefined
  /** Tokens to keep for the answer. Default: `maxOutputTokens` of the call where it has one, else none. */
  readonly reserve?: number | undefined
}

/**
 * A limit of tokens for each request.
 *
 * @example
 * ```ts
 * import * as TokenLimit from "@llm-layers/policies/TokenLimit"
 * import { ProviderError } from "@llm-layers/core"
 * import { ScriptedModel } from "@llm-layers/testing"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const policy = TokenLimit.make({ max: 100 })
 * const error = await LanguageModel.generateText({ prompt: "word ".repeat(1000) }).pipe(
 *   ProviderError.tagged,
 *   Effect.flip,
 *   Effect.provide(ScriptedModel.layer([], { policy })),
 *   Effect.runPromise
 * )
 * strictEqual(error._tag, "ContextOverflow")
 * ```
 */
export const make = (options: Options): Policy.Policy => (driver) => Effect.sync(() => limited(driver, options))

const limited = (driver: Driver.Driver, options: Options): Driver.Driver => {
  const max = typeof options.max === "function" ? options.max(driver) : options.max
  const problem = OptionChecks.ofCount("max", max, 1) ?? OptionChecks.ofCount("reserve", options.reserve, 0)
  if (problem !== undefined) return OptionChecks.refuse(driver, problem)
  if (max === undefined) return driver

  const fitted = (method: string, asked: Asked): Effect.Effect<Fitted, AiError.AiError> =>
    Effect.flatMap(reserveOf(driver, options), (reserve): Effect.Effect<Fitted, AiError.AiError> => {
      const tokens = TokenEstimate.ofRequest(asked)
      const limit = max - reserve
      if (tokens <= limit) return Effect.succeed({ asked, warning: undefined })
      const trimmed = options.onExceeded === "trim" && limit > 0
        ? PromptTrim.trim(asked.prompt, tokens - limit)
        : undefined
      if (trimmed === undefined) return Effect.fail(overflow({ driver, method, tokens, max, reserve }))
      const message =
        `${trimmed.messages} of ${asked.prompt.content.length} messages were left out, the oldest first: ` +
        `about ${tokens} tokens are more than ${limit}`
      // A conversation that the vendor keeps is as long as it was: the messages go anew.
      const shorter = { ...asked, prompt: trimmed.prompt, previousResponseId: undefined, incrementalPrompt: undefined }
      return Effect.succeed({ asked: shorter, warning: { about: "prompt", message } })
    })

  return {
    ...driver,
    generateText: (options) =>
      Effect.flatMap(fitted("generateText", options), ({ asked, warning }) =>
        warning === undefined
          ? driver.generateText(asked)
          : Effect.map(driver.generateText(asked), (answered) => [...Warned.parts(answered, warning)])),
    streamText: (options) =>
      Beginning.stream(() =>
        Effect.map(
          fitted("streamText", options),
          ({ asked, warning }) =>
            warning === undefined ? driver.streamText(asked) : Warned.stream(driver.streamText(asked), warning)
        )
      )
  }
}

type Asked = LanguageModel.ProviderOptions

/** What is asked, and what was changed of it. */
interface Fitted {
  readonly asked: Asked
  readonly warning: Warning.Warning | undefined
}

const reserveOf = (driver: Driver.Driver, options: Options): Effect.Effect<number> => {
  if (options.reserve !== undefined) return Effect.succeed(options.reserve)
  if (driver.settings === undefined) return Effect.succeed(0)
  return Effect.map(driver.settings, ({ maxTokens }) => maxTokens ?? 0)
}

const overflow = (
  { driver, max, method, reserve, tokens }: {
    readonly driver: Driver.Driver
    readonly method: string
    readonly tokens: number
    readonly max: number
    readonly reserve: number
  }
): AiError.AiError =>
  ProviderError.make(ProviderError.originOf(driver, method), "ContextOverflow", {
    description: `The request has about ${tokens} tokens, and ${reserve} are kept for the answer: more than ${max}`,
    parameter: "prompt",
    facts: { policy: "TokenLimit", tokens, limit: max, reserve, estimated: true }
  })
