/** The methods of counting, one after the other until one can. */
import type * as Provider from "@llm-layers/core/Provider"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as LayerRef from "effect/LayerRef"
import type * as Scope from "effect/Scope"
import type { Count, Failure, Method } from "./Count.ts"
import * as Heuristic from "./heuristic.ts"

/** What a provider counts with. */
export interface Source {
  readonly name: string
  readonly claims: (model: string) => boolean
  readonly endpoint:
    | ((model: string, request: Provider.CountRequest) => Effect.Effect<number, Failure>)
    | undefined
  readonly local: Provider.Any["countLocally"]
}

/** A client that no count uses is let go after this. */
const idleTimeToLive = "5 minutes"

export const sourceOf = (
  provider: Provider.Any,
  timeout: Duration.Input
): Effect.Effect<Source, never, Scope.Scope> =>
  Effect.map(LayerRef.make(provider.client, { idleTimeToLive, preload: false }), (client) => {
    const { claims, countLocally, countTokens, name } = provider
    const late = ProviderError.make({ provider: name, module: "TokenCounter", method: "count" }, "TimedOut", {
      description: `${name} did not count the tokens in time`
    })
    return {
      name,
      claims,
      local: countLocally,
      endpoint: countTokens === undefined ? undefined : (model, request) =>
        // What the provider's own effect requires is what its client supplies: `Provider` says so of the two together.
        (Effect.provide(countTokens(model, request), client.get) as Effect.Effect<number, Failure>).pipe(
          Effect.timeoutOrElse({ duration: timeout, orElse: () => Effect.fail<Failure>(late) })
        )
    }
  })

/** The provider before the slash, or the one that claims names like this. */
export const find = (
  sources: ReadonlyArray<Source>,
  name: string
): { readonly source: Source | undefined; readonly model: string } => {
  const slash = name.indexOf("/")
  const prefixed = sources.find((source) => slash > 0 && source.name === name.slice(0, slash))
  return prefixed === undefined
    ? { source: sources.find((source) => source.claims(name)), model: name }
    : { source: prefixed, model: name.slice(slash + 1) }
}

export const count = (
  methods: ReadonlyArray<Method>,
  source: Source | undefined,
  model: string,
  request: Provider.CountRequest
): Effect.Effect<Count> =>
  Effect.gen(function*() {
    let failure: Failure | undefined
    const failed = (error: Failure) =>
      Effect.sync(() => {
        failure ??= error
        return undefined
      })
    for (const method of methods) {
      const found = yield* Effect.catch(attempts[method](source, model, request), failed)
      if (found?._tag === "Exact") return found
      if (found !== undefined) return failure === undefined ? found : { ...found, failure }
    }
    const { errorBound, missing, tokens } = Heuristic.count(model, request)
    const reason = missing !== undefined && methods.includes("heuristic")
      ? `The vendor alone can count ${missing}`
      : `None of these methods can count it: ${methods.join(", ")}`
    const atLeast = Math.max(0, tokens - errorBound)
    return { _tag: "Unknown", reason, atLeast, ...(failure === undefined ? undefined : { failure }) }
  })

type Attempt = (
  source: Source | undefined,
  model: string,
  request: Provider.CountRequest
) => Effect.Effect<Count | undefined, Failure>

const attempts: { readonly [method in Method]: Attempt } = {
  endpoint: (source, model, request) =>
    source?.endpoint === undefined
      ? Effect.succeed(undefined)
      : Effect.map(source.endpoint(model, request), (tokens): Count => ({ _tag: "Exact", tokens, method: "endpoint" })),
  local: (source, model, request) =>
    source?.local === undefined
      ? Effect.succeed(undefined)
      : Effect.map(
        source.local(model, request),
        (found): Count | undefined => found && { _tag: "Estimated", ...found }
      ),
  heuristic: (_, model, request) =>
    Effect.sync((): Count | undefined => {
      const { errorBound, missing, tokens } = Heuristic.count(model, request)
      return missing === undefined ? { _tag: "Estimated", tokens, method: "heuristic", errorBound } : undefined
    })
}
