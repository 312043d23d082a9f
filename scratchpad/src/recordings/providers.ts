import type { Api } from "./Api.ts"
import { anthropicApis } from "./providers/anthropic.ts"
import { cohereApis } from "./providers/cohere.ts"
import { googleApis } from "./providers/google.ts"
import { openaiApis } from "./providers/openai.ts"
import { openrouterApis } from "./providers/openrouter.ts"

/** The APIs of a provider by the names recordings have for them. A new provider is a line here. */
const providers: Readonly<Record<string, Readonly<Record<string, Api>>>> = {
  anthropic: anthropicApis,
  cohere: cohereApis,
  google: googleApis,
  openai: openaiApis,
  openrouter: openrouterApis
}

/** How recordings of an API are run, or why they are not. */
export type Found =
  | { readonly kind: "found"; readonly api: Api }
  | { readonly kind: "skipped"; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string }

export const findApi = (provider: string, api: string): Found => {
  const apis = Object.hasOwn(providers, provider) ? providers[provider] : undefined
  if (apis === undefined) return { kind: "skipped", reason: `no provider for ${provider} yet` }
  const found = Object.hasOwn(apis, api) ? apis[api] : undefined
  return found === undefined
    ? { kind: "unknown", reason: `nothing here reads the API ${api} of ${provider}` }
    : { kind: "found", api: found }
}
