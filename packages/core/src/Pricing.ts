/**
 * What calls cost, for those who book or limit them: the vendor's own figure where it gives one, else a price list that
 * the program supplies. Unknown is a value, and never 0.
 */
import type * as Response from "effect/ai/Response"
import * as BigDecimal from "effect/BigDecimal"
import * as Context from "effect/Context"
import * as Option from "effect/Option"
import * as Metadata from "./Metadata.ts"
import type * as Usage from "./Usage.ts"

/** Tokens of a model. */
export interface Tokens {
  /** The name of the provider: `openai`. */
  readonly provider: string
  readonly model: string
  /** What is charged: with some vendors less than what the model read and wrote. */
  readonly usage: Usage.Encoded
  /** Of those written to a cache, the tokens that it keeps for an hour, which cost more. Absent where there are none. */
  readonly cacheWriteHour?: number | undefined
}

/** US dollars for tokens, or `undefined` where the price is not known. */
export interface PriceList {
  (tokens: Tokens): BigDecimal.BigDecimal | undefined
}

/** The prices by which calls are booked. Default: none is known. */
export const Prices = Context.Reference<PriceList>("@llm-layers/core/Pricing/Prices", {
  defaultValue: () => () => undefined
})

/**
 * Metadata for the finish part of an answer whose vendor says what it cost, in US dollars. Anything but a number that is
 * not negative is left out.
 *
 * @example
 * ```ts
 * import * as Pricing from "@llm-layers/core/Pricing"
 * import { deepStrictEqual } from "node:assert"
 *
 * deepStrictEqual(Pricing.reported(0.25), { llmLayers: { costUsd: 0.25 } })
 * deepStrictEqual(Pricing.reported(null), {})
 * ```
 */
export const reported = (cost: unknown): Metadata.Metadata =>
  typeof cost === "number" && Number.isFinite(cost) && cost >= 0
    ? Metadata.make(Metadata.namespace, { costUsd: cost })
    : {}

/**
 * What an answer cost, by its parts: the vendor's own figure, else what the price list says of its tokens, else
 * `undefined`. In the metadata of the finish part, `llmLayers.billed` is a usage that is charged in place of the answer's
 * own, and `llmLayers.cacheWriteHour` has the tokens that a cache keeps for an hour.
 */
export const ofAnswer = (
  prices: PriceList,
  model: Pick<Tokens, "provider" | "model">,
  parts: ReadonlyArray<Response.PartEncoded | Response.StreamPartEncoded>
): BigDecimal.BigDecimal | undefined => {
  const finish = parts.findLast((part) => part.type === "finish")
  if (finish === undefined) return undefined
  const said = (key: string) => Metadata.get(finish.metadata, Metadata.namespace, key)
  const [own, hour, charged] = [said("costUsd"), said("cacheWriteHour"), said("billed")]
  return (typeof own === "number" ? Option.getOrUndefined(BigDecimal.fromNumber(own)) : undefined)
    ?? prices({
      ...model,
      // Put there by a provider, from a value of this type.
      usage: charged === undefined ? finish.usage : charged as unknown as Usage.Encoded,
      ...(typeof hour === "number" ? { cacheWriteHour: hour } : undefined)
    })
}
