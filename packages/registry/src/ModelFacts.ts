/**
 * What is known of a model: limits, prices, what goes in and comes out, what it can do. What is not known is absent, and
 * each fact says where it is from.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"

/** What a model takes or gives. Other names than these are kept. */
export type Modality = "text" | "image" | "pdf" | "audio" | "video" | (string & {})

/** An exact decimal from a number that is not negative, as price lists have it. */
const Dollars: Schema.Codec<BigDecimal.BigDecimal, number> = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
  Schema.decodeTo(Schema.BigDecimal, {
    decode: SchemaGetter.transform((amount) => Option.getOrElse(BigDecimal.fromNumber(amount), () => zero)),
    encode: SchemaGetter.transform(BigDecimal.toNumberUnsafe)
  })
)

const zero = BigDecimal.make(0n, 0)

const rates = {
  /** Input that was neither read from nor written to a cache. */
  input: Schema.optional(Dollars),
  output: Schema.optional(Dollars),
  cacheRead: Schema.optional(Dollars),
  cacheWrite: Schema.optional(Dollars),
  /** Input written to a cache that keeps it for an hour, where that has a price of its own. */
  cacheWriteHour: Schema.optional(Dollars),
  /** Output of reasoning, where it has a price of its own. */
  reasoning: Schema.optional(Dollars)
}

/** US dollars for a million tokens of each sort. */
export const Rates = Schema.Struct(rates)
/** US dollars for a million tokens of each sort. */
export type Rates = typeof Rates.Type

/** The prices of a model, in US dollars for a million tokens. */
export const Prices = Schema.Struct({
  ...rates,
  /** Rates for requests with more input tokens than `above`. They replace the others whole. */
  tiers: Schema.optional(Schema.Array(Schema.Struct({ ...rates, above: Schema.Finite }))),
  /** Rates of the vendor's batch API. */
  batch: Schema.optional(Rates)
})
/** The prices of a model, in US dollars for a million tokens. */
export type Prices = typeof Prices.Type

const Tokens = Schema.Int.check(Schema.isGreaterThan(0))

/** What is known of a model, without where it is from. */
export const Known = Schema.Struct({
  /** For people. */
  name: Schema.optional(Schema.String),
  /** Other ids of the same model. */
  aliases: Schema.optional(Schema.Array(Schema.String)),
  /** Prompt and answer together. */
  contextTokens: Schema.optional(Tokens),
  /** The prompt alone, where it has a limit of its own. */
  inputTokens: Schema.optional(Tokens),
  /** The answer, reasoning included. */
  outputTokens: Schema.optional(Tokens),
  prices: Schema.optional(Prices),
  input: Schema.optional(Schema.Array(Schema.String)),
  output: Schema.optional(Schema.Array(Schema.String)),
  tools: Schema.optional(Schema.Boolean),
  reasoning: Schema.optional(Schema.Boolean),
  structuredOutput: Schema.optional(Schema.Boolean),
  /** Whether the model takes a temperature. */
  temperature: Schema.optional(Schema.Boolean),
  openWeights: Schema.optional(Schema.Boolean),
  /** A date, or a month: `2026-03`. */
  released: Schema.optional(Schema.String),
  /** What the model knows ends then; a date or a month. */
  knowledge: Schema.optional(Schema.String),
  /** `deprecated`, `beta`; absent for what is simply there. */
  status: Schema.optional(Schema.String)
})
/** What is known of a model, without where it is from. */
export type Known = typeof Known.Type

/** Where a fact is from, the strongest first. */
export const sources = ["user", "vendor", "generated", "rule"] as const

/** Where a fact is from. */
export type Source = (typeof sources)[number]

/** A model and what is known of it. */
export interface ModelFacts extends Known {
  readonly provider: string
  readonly id: string
  /** Where each fact is from. */
  readonly sources: { readonly [fact in keyof Known]?: Source }
}

/** Facts of one source. */
export const make = (provider: string, id: string, known: Known, source: Source): ModelFacts => ({
  ...known,
  provider,
  id,
  sources: Object.fromEntries(
    Object.entries(known).flatMap(([fact, value]) => value === undefined ? [] : [[fact, source]])
  )
})

/**
 * One model's facts from several sources: of each fact the strongest source wins, of the same source the later.
 *
 * @example
 * ```ts
 * import * as ModelFacts from "@llm-layers/registry/ModelFacts"
 * import { deepStrictEqual } from "node:assert"
 *
 * const listed = ModelFacts.make("acme", "acme-1", { contextTokens: 8_000, outputTokens: 1_000 }, "vendor")
 * const mine = ModelFacts.make("acme", "acme-1", { contextTokens: 4_000 }, "user")
 * const { contextTokens, outputTokens, sources } = ModelFacts.merge(mine, listed)
 * deepStrictEqual([contextTokens, outputTokens, sources.contextTokens], [4_000, 1_000, "user"])
 * ```
 */
export const merge = (one: ModelFacts, other: ModelFacts): ModelFacts => {
  const facts: { [fact: string]: unknown } = { ...one }
  const from: { [fact: string]: Source | undefined } = { ...one.sources }
  for (const [fact, source] of Object.entries(other.sources)) {
    const before = from[fact]
    if (before !== undefined && strength(before) < strength(source)) continue
    facts[fact] = Reflect.get(other, fact)
    from[fact] = source
  }
  // Members of `other` that its sources name, which are facts of the same types.
  return { ...facts, sources: from } as unknown as ModelFacts
}

const strength = (source: Source): number => sources.indexOf(source)
