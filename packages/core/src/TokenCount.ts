/**
 * The tokens of a request as a vendor counts them, by a request of its own: what `countTokens` of providers share.
 */
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Prompt from "effect/ai/Prompt"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Capability from "./Capability.ts"
import type * as Connection from "./Connection.ts"
import * as Json from "./Json.ts"
import type * as Provider from "./Provider.ts"
import * as ProviderError from "./ProviderError.ts"
import * as Usage from "./Usage.ts"

/** What is counted, with the settings the request would have. */
export interface Options<Config> extends Provider.CountRequest {
  /** Default: those around the effect. */
  readonly settings?: Config | undefined
}

/** The request that is counted, in the form encoders take. */
export type Counted = Omit<LanguageModel.ProviderOptions, "span">

/**
 * The request that is counted. What the model cannot do is refused, as the request itself would be.
 *
 * @example
 * ```ts
 * import * as Capability from "@llm-layers/core/Capability"
 * import * as TokenCount from "@llm-layers/core/TokenCount"
 * import { Effect } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * const origin = { provider: "acme", module: "AcmeLanguageModel", method: "countTokens" }
 * const subject = { origin, model: "acme-1", capabilities: Capability.all }
 * const counted = await Effect.runPromise(TokenCount.prepare(subject, { prompt: "Hi" }))
 * strictEqual(counted.toolChoice, "auto")
 * ```
 */
export const prepare = (
  subject: Capability.Subject,
  request: Provider.CountRequest
): Effect.Effect<Counted, AiError.AiError> =>
  Effect.suspend(() => {
    const counted: Counted = {
      prompt: Prompt.make(request.prompt),
      tools: request.tools ?? [],
      toolChoice: request.toolChoice ?? "auto",
      responseFormat: { type: "text" },
      previousResponseId: undefined,
      incrementalPrompt: undefined
    }
    const refused = Capability.checkRequest(subject, counted, false)
    return refused === undefined ? Effect.succeed(counted) : Effect.fail(refused)
  })

/** Asks, and reads the member of the answer that is the count. An answer without it is `InvalidResponse`. */
export const ask = (
  connection: Pick<Connection.Connection, "json" | "eventError">,
  request: Connection.Request,
  member: string
): Effect.Effect<number, AiError.AiError> =>
  Effect.gen(function*() {
    const json = Json.record((yield* connection.json(request)).json)
    if (Json.isRecord(json["error"])) {
      return yield* connection.eventError(request, yield* Clock.currentTimeMillis, json)
    }
    const count = Usage.toCount(json[member])
    if (count !== undefined) return count
    return yield* ProviderError.make(request.origin, "InvalidResponse", {
      description: `The answer has no \`${member}\``
    })
  })
