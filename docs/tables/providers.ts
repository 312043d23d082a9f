/** Every provider and preset in one table. */
import { AnthropicProvider } from "@llm-layers/anthropic"
import { CohereProvider } from "@llm-layers/cohere"
import type { Provider } from "@llm-layers/core"
import { GoogleProvider } from "@llm-layers/google"
import { OpenAiProvider } from "@llm-layers/openai"
import { Presets } from "@llm-layers/openai-compatible"
import { OpenRouterProvider } from "@llm-layers/openrouter"
import { StackSpotProvider } from "@llm-layers/stackspot"
import { capabilities, refused } from "./capabilities.ts"
import { table } from "./markdown.ts"

type Any = Pick<Provider.Provider<string, never>, "name" | "keyName" | "capabilities">

const own: ReadonlyArray<readonly [title: string, provider: Any]> = [
  ["OpenAI", OpenAiProvider.provider],
  ["Anthropic", AnthropicProvider.provider],
  ["Google", GoogleProvider.provider],
  ["Cohere", CohereProvider.provider],
  ["OpenRouter", OpenRouterProvider.provider],
  ["StackSpot AI", StackSpotProvider.provider]
]

/** By name: the order of a module's exports depends on who loads it. */
export const inOrder = Object.values(Presets).toSorted((a, b) => a.data.name < b.data.name ? -1 : 1)

/** What each is called in a registry, where its key is, and what none of its models can. */
export const providers = (): string =>
  table(
    ["provider", "name", "key", "cannot, whatever the model"],
    [...own, ...inOrder.map(({ data, provider }) => [data.title, provider] as const)].map((
      [title, { capabilities, keyName, name }]
    ) => [
      title,
      `\`${name}\``,
      `\`${keyName}\``,
      refused(capabilities.provider)
    ])
  )

/** Where the servers of the presets are, and how they differ from most. */
export const presets = (): string =>
  table(
    ["preset", "address", "in the environment", "differs in", "source"],
    inOrder.map(({ data }) => [
      `\`Presets.${data.name}\``,
      data.baseUrl === undefined ? `yours, with \`${data.path ?? ""}\`` : `\`${data.baseUrl}\``,
      `\`${data.environment.key}\`${data.keyless === true ? " (need not be)" : ""}, \`${data.environment.baseUrl}\``,
      Object.entries(data.quirks).map(([name, value]) =>
        typeof value === "function" ? `\`${name}\`` : `\`${name}\`: \`${shown(value)}\``
      ).join(", ") || "nothing",
      data.source
    ])
  )

const shown = (value: unknown): string =>
  value instanceof RegExp
    ? String(value)
    : typeof value === "object" && value !== null && "pattern" in value
    ? String(value.pattern)
    : JSON.stringify(value)

/** What families of models of the presets cannot, besides. */
export const presetModels = (): string =>
  capabilities({ provider: {}, rows: inOrder.flatMap(({ data }) => data.capabilities.rows) })
