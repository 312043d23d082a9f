/**
 * The tools that Google's API has of its own. All of them run at Google.
 *
 * Code execution comes in the answer as calls and results with `providerExecuted: true`, and goes back with the history.
 * What the others found comes as `source` parts; their calls come as well where Google shows them (since Gemini 3, see
 * `includeServerSideToolInvocations`).
 *
 * Arguments have the names of the wire, which are those of Google's documentation, and are open: a member that is newer
 * than this package is sent as it is. Parameters and results are only held to be JSON, so that an answer never fails
 * because the vendor added something.
 *
 * Source: https://ai.google.dev/gemini-api/docs/tools
 */
import * as Tool from "effect/ai/Tool"
import * as Schema from "effect/Schema"

/** A record of the wire with members this package does not know. */
export type Open<A> = A & { readonly [key: string]: unknown }

// The vendor's type is its promise. What is checked is that the value is JSON, so a changed member fails nothing.
const open = <A>(): Schema.Codec<A> => Schema.Json as unknown as Schema.Codec<A>

// Arguments are written by the program, whose compiler checks them; they may hold what JSON lacks.
const given = <A>(): Schema.Codec<A> => Schema.Unknown as unknown as Schema.Codec<A>

/** What the call of a tool has, where Google shows it. */
export type HostedCall = Open<{}>

/** What a tool found, where Google shows it; often nothing, because it is in the thought signature. */
export type HostedResult = Open<{}> | null

/**
 * Searches with Google. What the answer rests on comes as `source` parts; queries, and which text a source supports, are
 * in the metadata of the finish part (`groundingMetadata`).
 *
 * @example
 * ```ts
 * import * as GoogleTool from "@llm-layers/google/GoogleTool"
 * import { Toolkit } from "effect/ai"
 *
 * export const toolkit = Toolkit.make(GoogleTool.GoogleSearch({}), GoogleTool.UrlContext({}))
 * ```
 */
export const GoogleSearch = Tool.providerDefined({
  id: "google.google_search",
  customName: "GoogleSearch",
  providerName: "google_search",
  args: given<
    Open<{
      /** Only what was published in this time, in RFC 3339. */
      readonly timeRangeFilter?: { readonly startTime?: string; readonly endTime?: string }
      /** What is searched. Default: the web. */
      readonly searchTypes?: { readonly webSearch?: {}; readonly imageSearch?: {} }
      /** Vertex AI alone: sites whose pages are left out. */
      readonly excludeDomains?: ReadonlyArray<string>
    }>
  >(),
  parameters: open<HostedCall>(),
  success: open<HostedResult>(),
  failure: open<HostedResult>()
})

/** Reads pages whose addresses are in the prompt, up to 20. Which were read comes as `source` parts. */
export const UrlContext = Tool.providerDefined({
  id: "google.url_context",
  customName: "GoogleUrlContext",
  providerName: "url_context",
  args: given<Open<{}>>(),
  parameters: open<HostedCall>(),
  success: open<HostedResult>(),
  failure: open<HostedResult>()
})

/** Code that the model wrote and ran. */
export type CodeExecutionCall = Open<{ readonly language?: string; readonly code?: string }>

/** `OUTCOME_OK` with what the code printed, `OUTCOME_FAILED` with its error, or `OUTCOME_DEADLINE_EXCEEDED`. */
export type CodeExecutionResult = Open<{ readonly outcome?: string; readonly output?: string }>

/** Writes and runs Python at Google, for up to 30 seconds. Pictures it draws come as `file` parts. */
export const CodeExecution = Tool.providerDefined({
  id: "google.code_execution",
  customName: "GoogleCodeExecution",
  providerName: "code_execution",
  args: given<Open<{}>>(),
  parameters: open<CodeExecutionCall>(),
  success: open<CodeExecutionResult>(),
  failure: open<CodeExecutionResult>()
})

/** Searches files that were put into stores before. The Developer API alone. */
export const FileSearch = Tool.providerDefined({
  id: "google.file_search",
  customName: "GoogleFileSearch",
  providerName: "file_search",
  args: given<
    Open<{
      /** `fileSearchStores/…` */
      readonly fileSearchStoreNames: ReadonlyArray<string>
      readonly metadataFilter?: string
      readonly topK?: number
    }>
  >(),
  parameters: open<HostedCall>(),
  success: open<HostedResult>(),
  failure: open<HostedResult>()
})

/** Looks places up in Google Maps. Where the user is can be said with the setting `retrievalConfig`. */
export const GoogleMaps = Tool.providerDefined({
  id: "google.google_maps",
  customName: "GoogleMaps",
  providerName: "google_maps",
  args: given<Open<{ readonly enableWidget?: boolean }>>(),
  parameters: open<HostedCall>(),
  success: open<HostedResult>(),
  failure: open<HostedResult>()
})
