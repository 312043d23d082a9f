import { valueDifference } from "../difference.ts"
import type { Expectation } from "../expectation/Expectation.ts"
import { at, type Json, objectAt, sameJson, stringAt } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import type { EmbeddingCall } from "./Call.ts"
import { type Rule, settingsFrom, withExtraBody } from "./settings.ts"

const rules: Readonly<Record<string, Rule>> = {
  dimensions: ["dimensions"],
  encoding_format: ["encodingFormat"],
  user: ["user"]
}

/** One input is itself, or a list with one text or the tokens of one. */
const inputsOf = (input: Json | undefined): ReadonlyArray<Json> =>
  Array.isArray(input) && typeof input[0] !== "number" ? input : [input ?? "text"]

/**
 * A recorded embeddings request as a call of the public API. That takes texts alone; inputs given as tokens go into the
 * body as they are, in place of as many texts.
 */
export const embeddingCall = ({ request }: RecordedExchange, expected: Expectation): EmbeddingCall => {
  const body = request?.body
  // Without a request, the answer says how many inputs there were.
  const inputs = request === undefined && expected.kind === "embeddings"
    ? expected.vectors.map((_, index) => `text ${index}`)
    : inputsOf(at(body, "input"))
  const texts = inputs.map((input, index) => typeof input === "string" ? input : `text ${index}`)
  const settings = settingsFrom(body, rules, ["model", "input"])
  return {
    model: stringAt(body, "model") ?? "text-embedding-3-small",
    inputs: texts,
    settings: sameJson(texts, inputs) ? settings : withExtraBody(settings, { input: at(body, "input") ?? null })
  }
}

/** The same model asked for nothing in particular. */
export const plainEmbeddingCall = (call: EmbeddingCall): EmbeddingCall => ({ ...call, inputs: ["text"], settings: {} })

/** How a sent body differs from the recorded one, one line each. */
export const compareEmbeddingRequest = (recorded: Json | undefined, sent: Json | undefined): ReadonlyArray<string> => {
  const { input, ...members } = objectAt(recorded)
  return [
    ...(input === undefined || sameJson(inputsOf(input), inputsOf(at(sent, "input")))
      ? []
      : ["other inputs were sent"]),
    ...Object.entries(members).flatMap(([name, value]) =>
      value === null
        ? []
        : valueDifference(`${name} of the request`, JSON.stringify(value), JSON.stringify(at(sent, name)))
    )
  ]
}
