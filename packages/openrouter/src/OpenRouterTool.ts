/**
 * The tools that run at OpenRouter, with any model that calls tools. OpenRouter runs them while it answers: neither their
 * calls nor their results are parts of the answer. What a search found comes as `source` parts, and how often a tool ran is
 * in the counts of the finish part (`usage.server_tool_use_details`).
 *
 * Arguments have the names of the wire, and are open: a member that is newer than this package is sent as it is.
 *
 * Source: https://openrouter.ai/docs/guides/features/server-tools
 */
import * as Tool from "effect/ai/Tool"
import * as Context from "effect/Context"
import * as Schema from "effect/Schema"
import type { CacheControl } from "./OpenRouterMetadata.ts"

/** A record of the wire with members this package does not know. */
export type Open<A> = A & { readonly [key: string]: unknown }

// Arguments are written by the program, whose compiler checks them; they may hold what JSON lacks.
const given = <A>(): Schema.Codec<A> => Schema.Unknown as unknown as Schema.Codec<A>

const serverTool =
  <Args>() =>
  <const Id extends `openrouter.${string}`, const Name extends string, const Wire extends string>(
    id: Id,
    customName: Name,
    providerName: Wire
  ) =>
    Tool.providerDefined({
      id,
      customName,
      providerName,
      args: given<Open<Args>>(),
      parameters: Schema.Json,
      success: Schema.Json,
      failure: Schema.Json
    })

/** Where a search is made from, roughly. */
export interface UserLocation {
  readonly type?: "approximate"
  readonly city?: string
  readonly country?: string
  readonly region?: string
  readonly timezone?: string
}

/**
 * Searches the web when the model asks for it. The plugin `web` searches before it answers.
 *
 * @example
 * ```ts
 * import * as OpenRouterTool from "@llm-layers/openrouter/OpenRouterTool"
 * import { Toolkit } from "effect/ai"
 *
 * export const toolkit = Toolkit.make(
 *   OpenRouterTool.WebSearch({ max_uses: 3, allowed_domains: ["effect.website"] }),
 *   OpenRouterTool.Datetime({ timezone: "Europe/Berlin" })
 * )
 * ```
 */
export const WebSearch = serverTool<{
  readonly engine?: string
  readonly max_results?: number
  readonly max_total_results?: number
  readonly max_uses?: number
  readonly max_characters?: number
  readonly search_context_size?: "low" | "medium" | "high"
  readonly allowed_domains?: ReadonlyArray<string>
  readonly excluded_domains?: ReadonlyArray<string>
  readonly user_location?: UserLocation
}>()("openrouter.web_search", "OpenRouterWebSearch", "web_search")

/** Reads pages and PDFs by their addresses. */
export const WebFetch = serverTool<{
  readonly engine?: string
  readonly max_uses?: number
  readonly max_content_tokens?: number
  readonly allowed_domains?: ReadonlyArray<string>
  readonly blocked_domains?: ReadonlyArray<string>
}>()("openrouter.web_fetch", "OpenRouterWebFetch", "web_fetch")

/** Tells date and time; `timezone` is an IANA name. */
export const Datetime = serverTool<{ readonly timezone?: string }>()(
  "openrouter.datetime",
  "OpenRouterDatetime",
  "datetime"
)

/** Makes images with another model. */
export const ImageGeneration = serverTool<{ readonly model?: string }>()(
  "openrouter.image_generation",
  "OpenRouterImageGeneration",
  "image_generation"
)

/** Lets the model ask a stronger one. */
export const Advisor = serverTool<{
  readonly model?: string
  readonly name?: string
  readonly instructions?: string
  readonly forward_transcript?: boolean
  readonly max_completion_tokens?: number
  readonly temperature?: number
}>()("openrouter.advisor", "OpenRouterAdvisor", "advisor")

/** Runs commands in a container at OpenRouter. */
export const Bash = serverTool<{ readonly engine?: string; readonly sleep_after_seconds?: number }>()(
  "openrouter.bash",
  "OpenRouterBash",
  "bash"
)

/** What OpenRouter takes for a tool of the program besides its schema. */
export interface ToolOptions {
  /** Ends a cached prefix after this tool. */
  readonly cacheControl?: CacheControl
}

/**
 * Options of a tool of the program.
 *
 * @example
 * ```ts
 * import * as OpenRouterTool from "@llm-layers/openrouter/OpenRouterTool"
 * import { Tool, Toolkit } from "effect/ai"
 *
 * const rate = Tool.make("exchange_rate", { description: "Today's rate" })
 *
 * export const toolkit = Toolkit.make(
 *   rate.annotate(OpenRouterTool.Options, { cacheControl: { type: "ephemeral" } })
 * )
 * ```
 */
export const Options = Context.Reference<ToolOptions>("@llm-layers/openrouter/OpenRouterTool/Options", {
  defaultValue: () => ({})
})
