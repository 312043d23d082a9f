import { valueDifference } from "../difference.ts"
import type { Expectation } from "../expectation/Expectation.ts"
import { type Json, type JsonObject, listAt, objectAt, sameJson, stringAt } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import type { EmbeddingCall } from "./Call.ts"
import { placeOf } from "./google-content.ts"
import { googleBody, partsOf } from "./google-names.ts"
import { type Rule, settingsFrom } from "./settings.ts"

const rules: Readonly<Record<string, Rule>> = {
  outputDimensionality: ["dimensions"],
  taskType: ["taskType"],
  title: ["title"]
}

const requestsOf = (body: Json | undefined): ReadonlyArray<JsonObject> =>
  listAt(googleBody(body), "requests").map((one) => objectAt(one))

const textOf = (request: JsonObject): string =>
  partsOf(request["content"]).map((part) => stringAt(part, "text") ?? "").join("")

/** A recorded `batchEmbedContents` request as a call of the public API. Its requests are alike but for their texts. */
export const googleEmbeddingCall = (exchange: RecordedExchange, expected: Expectation): EmbeddingCall => {
  const requests = requestsOf(exchange.request?.body)
  const count = expected.kind === "embeddings" ? expected.vectors.length : 1
  return {
    model: placeOf(exchange).model ?? "gemini-embedding-001",
    // Without a request, the answer says how many inputs there were.
    inputs: requests.length > 0 ? requests.map(textOf) : Array.from({ length: count }, (_, index) => `text ${index}`),
    settings: settingsFrom(requests[0], rules, ["model", "content"])
  }
}

/** How a sent body differs from the recorded one, one line each. */
export const compareGoogleEmbeddings = (recorded: Json | undefined, sent: Json | undefined): ReadonlyArray<string> => {
  const [wanted, came] = [requestsOf(recorded), requestsOf(sent)]
  const others = ({ content: _, ...members }: JsonObject): JsonObject => members
  return [
    ...valueDifference("requests", wanted.length, came.length),
    ...(sameJson(wanted.map(textOf), came.map(textOf)) ? [] : ["other inputs were sent"]),
    ...wanted.flatMap((request, at) =>
      Object.entries(others(request)).flatMap(([name, value]) =>
        valueDifference(`${name} of request ${at}`, JSON.stringify(value), JSON.stringify(came[at]?.[name]))
      )
    )
  ]
}
