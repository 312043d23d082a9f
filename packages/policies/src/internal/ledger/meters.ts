/**
 * Entries as metrics. Names, units and buckets of the GenAI conventions where these have them:
 * github.com/open-telemetry/semantic-conventions-genai, docs/gen-ai/gen-ai-metrics.md (status: development). What they
 * have none for begins with `llm_layers`.
 */
import * as BigDecimal from "effect/BigDecimal"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Metric from "effect/Metric"
import type { Entry } from "./entry.ts"

type Attributes = Metric.Metric.AttributeSet

/** Powers of a number from a first value, as the conventions have them: fourteen. */
const buckets = (first: number, factor: number) => Array.from({ length: 14 }, (_, power) => first * factor ** power)

const tokenBuckets = buckets(1, 4)
const secondBuckets = buckets(0.01, 2)

/** Tokens of an attempt by `gen_ai.token.type`. The conventions want counts here that are no guesses. */
export const tokenUsage = (attributes: Attributes) =>
  Metric.histogram("gen_ai.client.token.usage", {
    description: "Number of input and output tokens used, in {token}",
    boundaries: tokenBuckets,
    attributes
  })

/** The same of attempts whose tokens are estimated. */
export const tokenEstimate = (attributes: Attributes) =>
  Metric.histogram("llm_layers.client.token.estimate", {
    description: "Estimated number of input and output tokens of attempts whose usage was not reported, in {token}",
    boundaries: tokenBuckets,
    attributes
  })

/** Seconds an attempt took. */
export const duration = (attributes: Attributes) =>
  Metric.histogram("gen_ai.client.operation.duration", {
    description: "GenAI operation duration, in s",
    boundaries: secondBuckets,
    attributes
  })

/** Seconds to the first part of a stream that says something. */
export const timeToFirstChunk = (attributes: Attributes) =>
  Metric.histogram("gen_ai.client.operation.time_to_first_chunk", {
    description: "Time to receive the first chunk of a stream, in s",
    boundaries: secondBuckets,
    attributes
  })

/** Attempts that reached a vendor, by `llm_layers.outcome` and `llm_layers.usage.status`. */
export const attempts = (attributes: Attributes) =>
  Metric.counter("llm_layers.client.attempts", {
    description: "Attempts that reached a vendor, in {attempt}",
    incremental: true,
    attributes
  })

/** US dollars, of attempts whose cost is known. */
export const cost = (attributes: Attributes) =>
  Metric.counter("llm_layers.client.cost", {
    description: "Cost of the attempts whose cost is known, in {USD}",
    incremental: true,
    attributes
  })

/** How an entry is counted: the metrics with its attributes, which are made once for all entries alike. */
export interface Meter {
  (entry: Entry, context: Context.Context<never>): void
}

/** Entries with the same key have the same attributes. */
export const keyOf = (entry: Entry): string =>
  `${entry.provider}\n${entry.model}\n${entry.method}\n${entry.outcome}\n${entry.kind}\n${entry.status}`

/** The meter for entries like this one. */
export const make = (like: Entry): Meter => {
  const attributes = {
    "gen_ai.operation.name": like.method === "embedMany" ? "embeddings" : "chat",
    "gen_ai.provider.name": like.provider,
    "gen_ai.request.model": like.model
  }
  const tokens = like.status === "reported" ? tokenUsage : tokenEstimate
  const error = like.outcome === "answered" ? undefined : { "error.type": like.kind ?? "interrupted" }
  const input = tokens({ ...attributes, "gen_ai.token.type": "input" })
  const output = tokens({ ...attributes, "gen_ai.token.type": "output" })
  const took = duration({ ...attributes, ...error })
  const first = timeToFirstChunk(attributes)
  const counted = attempts({
    ...attributes,
    "llm_layers.outcome": like.outcome,
    "llm_layers.usage.status": like.status
  })
  const paid = cost(attributes)
  return (entry, context) => {
    const { inputTokens, outputTokens } = entry.usage
    if (inputTokens.total !== undefined) input.updateUnsafe(inputTokens.total, context)
    // A vector is no output by the conventions.
    if (outputTokens.total !== undefined && entry.method !== "embedMany") {
      output.updateUnsafe(outputTokens.total, context)
    }
    took.updateUnsafe(Duration.toSeconds(entry.duration), context)
    if (entry.method === "streamText" && entry.timeToFirstPart !== undefined) {
      first.updateUnsafe(Duration.toSeconds(entry.timeToFirstPart), context)
    }
    counted.updateUnsafe(1, context)
    if (entry.cost !== undefined) paid.updateUnsafe(BigDecimal.toNumberUnsafe(entry.cost), context)
  }
}
