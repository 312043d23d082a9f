/**
 * What the key of the client may spend and has spent, and the credit of its account. Amounts are credits: US dollars.
 *
 * Source: https://openrouter.ai/docs/api/reference/limits
 */
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { OpenRouterClient } from "./OpenRouterClient.ts"

/** What was spent, by days, weeks and months of UTC; a week starts on Monday. */
export interface Spent {
  readonly total: number
  readonly day: number | undefined
  readonly week: number | undefined
  readonly month: number | undefined
}

/** A key. What OpenRouter did not say is `undefined`. */
export interface Key {
  readonly label: string | undefined
  /** The most it may spend. `undefined` where it has no limit. */
  readonly limit: number | undefined
  /** What is left of the limit. */
  readonly limitRemaining: number | undefined
  /** When the limit starts anew: `daily`, `weekly` or `monthly`. `undefined` where it does not. */
  readonly limitReset: string | undefined
  readonly usage: Spent
  /** With keys of one's own for the upstreams. */
  readonly byokUsage: Spent | undefined
  /** Whether the account never bought credit. */
  readonly isFreeTier: boolean | undefined
  readonly expiresAt: DateTime.Utc | undefined
  /** The answer as it came. */
  readonly raw: Json.JsonRecord
}

/** The credit of an account. */
export interface Credits {
  /** What was bought. */
  readonly total: number
  readonly used: number
  readonly remaining: number
}

const originOf = (method: string): ProviderError.Origin => ({ provider: "openrouter", module: "OpenRouterKey", method })

/**
 * The key the client has.
 *
 * @example
 * ```ts
 * import * as OpenRouterKey from "@llm-layers/openrouter/OpenRouterKey"
 * import { Effect } from "effect"
 *
 * export const isSpent = Effect.map(
 *   OpenRouterKey.current,
 *   (key) => key.limitRemaining !== undefined && key.limitRemaining <= 0
 * )
 * ```
 */
export const current: Effect.Effect<Key, AiError.AiError, OpenRouterClient> = Effect.suspend(() => {
  const origin = originOf("current")
  return Effect.flatMap(get(origin, "/key"), (data) => {
    const usage = decodeSpent(data, "usage")
    return usage === undefined ? Effect.fail(missing(origin, "usage")) : Effect.succeed<Key>({
      label: Json.string(data["label"]),
      limit: Json.number(data["limit"]),
      limitRemaining: Json.number(data["limit_remaining"]),
      limitReset: Json.string(data["limit_reset"]),
      usage,
      byokUsage: decodeSpent(data, "byok_usage"),
      isFreeTier: typeof data["is_free_tier"] === "boolean" ? data["is_free_tier"] : undefined,
      expiresAt: decodeTime(data["expires_at"]),
      raw: data
    })
  })
})

/**
 * The credit of the account. OpenRouter gives it to management keys alone; others fail with `AuthenticationFailed`.
 *
 * @example
 * ```ts
 * import * as OpenRouterKey from "@llm-layers/openrouter/OpenRouterKey"
 * import { Effect } from "effect"
 *
 * export const remaining = Effect.map(OpenRouterKey.credits, (credits) => credits.remaining)
 * ```
 */
export const credits: Effect.Effect<Credits, AiError.AiError, OpenRouterClient> = Effect.suspend(() => {
  const origin = originOf("credits")
  return Effect.flatMap(get(origin, "/credits"), (data) => {
    const [total, used] = [Json.number(data["total_credits"]), Json.number(data["total_usage"])]
    return total === undefined || used === undefined
      ? Effect.fail(missing(origin, "total_credits and total_usage"))
      : Effect.succeed<Credits>({ total, used, remaining: total - used })
  })
})

const get = (
  origin: ProviderError.Origin,
  path: string
): Effect.Effect<Json.JsonRecord, AiError.AiError, OpenRouterClient> =>
  Effect.gen(function*() {
    const connection = yield* OpenRouterClient
    const { json } = yield* connection.json({ origin, path, method: "GET" })
    const body = Json.record(json)
    if (Json.isRecord(body["error"])) {
      return yield* connection.eventError({ origin, path }, yield* Clock.currentTimeMillis, body)
    }
    return Json.record(body["data"])
  })

const missing = (origin: ProviderError.Origin, member: string): AiError.AiError =>
  ProviderError.make(origin, "InvalidResponse", { description: `The answer has no ${member} in its data` })

const decodeSpent = (data: Json.JsonRecord, name: string): Spent | undefined => {
  const total = Json.number(data[name])
  return total === undefined ? undefined : {
    total,
    day: Json.number(data[`${name}_daily`]),
    week: Json.number(data[`${name}_weekly`]),
    month: Json.number(data[`${name}_monthly`])
  }
}

const decodeTime = (text: unknown): DateTime.Utc | undefined =>
  typeof text === "string" ? Option.getOrUndefined(Option.map(DateTime.make(text), DateTime.toUtc)) : undefined
