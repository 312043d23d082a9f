/**
 * Files for StackSpot's agents: an upload gives an id, which goes into the setting `uploadIds`.
 *
 * Source: ai.stackspot.com/docs, Agents API, "Upload files": for service credentials of enterprise accounts with the
 * permission `ai_dev` or `ai_admin`.
 */
import * as Exchange from "@llm-layers/core/Exchange"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { StackSpotClient } from "./StackSpotClient.ts"

/** A file. */
export interface File {
  /** With its ending, by which StackSpot tells what it is. */
  readonly name: string
  readonly content: string | Uint8Array<ArrayBuffer>
  /** Default: none is said. */
  readonly mediaType?: string | undefined
}

/** What a file is for, and how long it is kept. */
export interface Options {
  /** A knowledge source to add the file to. Default: none, the file is for the context of agents. */
  readonly knowledgeSource?: string | undefined
  /** How long it is kept, as the API counts it. Default: 60. */
  readonly expiration?: number | undefined
}

const origin: ProviderError.Origin = { provider: "stackspot", module: "StackSpotFile", method: "upload" }

/**
 * Uploads a file and gives its id. Two requests: StackSpot gives a form for its storage, which takes the file.
 *
 * @example
 * ```ts
 * import * as StackSpotFile from "@llm-layers/stackspot/StackSpotFile"
 * import * as StackSpotLanguageModel from "@llm-layers/stackspot/StackSpotLanguageModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * export const program = Effect.gen(function*() {
 *   const id = yield* StackSpotFile.upload({ name: "contract.txt", content: "The contract: …" })
 *   return yield* LanguageModel.generateText({ prompt: "When does it end?" }).pipe(
 *     StackSpotLanguageModel.withConfigOverride({ uploadIds: [id] })
 *   )
 * })
 * ```
 */
export const upload = (file: File, options: Options = {}): Effect.Effect<string, AiError.AiError, StackSpotClient> =>
  Effect.gen(function*() {
    const client = yield* StackSpotClient
    const { expiration = 60, knowledgeSource } = options
    const { json } = yield* client.files.json({
      origin,
      path: "/v2/file-upload/form",
      body: {
        file_name: file.name,
        target_type: knowledgeSource === undefined ? "CONTEXT" : "KNOWLEDGE_SOURCE",
        ...(knowledgeSource === undefined ? undefined : { target_id: knowledgeSource }),
        expiration
      }
    })
    const answer = Json.record(json)
    const id = Json.string(answer["id"]) ?? ""
    const url = Json.url(answer["url"])
    if (id === "" || url === undefined || !Json.isRecord(answer["form"])) {
      return yield* ProviderError.make(origin, "InvalidResponse", {
        description: "The answer lacks an id, an address or the form for an upload"
      })
    }
    yield* send(client, url, answer["form"], file)
    return id
  })

/** To the storage, which is another vendor's: no access token goes there. It wants the file last. */
const send = (
  client: Pick<StackSpotClient["Service"], "fetch" | "timeout">,
  url: string,
  fields: Json.JsonRecord,
  { content, mediaType, name }: File
): Effect.Effect<string, AiError.AiError> => {
  const form = new FormData()
  for (const [field, value] of Object.entries(fields)) form.append(field, String(value))
  form.append("file", new Blob([content], mediaType === undefined ? {} : { type: mediaType }), name)
  return Exchange.text({
    origin,
    vendor: { rows: [], decodeError: () => ({}) },
    url: url.replace(/[?#].*$/s, ""),
    timeout: client.timeout,
    secrets: Object.values(fields).flatMap((value) => isSecret(value) ? [Redacted.make(value)] : [])
  }, (signal) => client.fetch(url, { method: "POST", body: form, signal }))
}

/** Signatures, policies and tokens of storage are long; names of fields and types are not. */
const isSecret = (value: unknown): value is string => typeof value === "string" && value.length >= 24
