/** What the compiler must know of StackSpot's agents. */
import type * as Policy from "@llm-layers/core/Policy"
import { Context, Effect, type Layer, Redacted } from "effect"
import { type AiError, LanguageModel, type Model, type Response } from "effect/ai"
import * as StackSpotClient from "../src/StackSpotClient.ts"
import * as StackSpotLanguageModel from "../src/StackSpotLanguageModel.ts"
import * as StackSpotQuickCommand from "../src/StackSpotQuickCommand.ts"

class Limiter extends Context.Service<Limiter, string>()("test/Limiter") {}
declare const policy: Policy.Policy<Limiter>

export const plain: Model.Model<"stackspot", LanguageModel.LanguageModel, StackSpotClient.StackSpotClient> =
  StackSpotLanguageModel.model("agent")

export const withPolicy: Model.Model<
  "stackspot",
  LanguageModel.LanguageModel,
  StackSpotClient.StackSpotClient | Limiter
> = StackSpotLanguageModel.model("agent", { policy, conversationId: "c" })

// @ts-expect-error: what the policy needs is needed
export const forgotten: Layer.Layer<LanguageModel.LanguageModel, never, StackSpotClient.StackSpotClient> =
  StackSpotLanguageModel.layer("agent", { policy })

// @ts-expect-error: the flag is sent as a boolean, never as a text
export const flag = StackSpotLanguageModel.model("agent", { stackspotKnowledge: "false" })

// @ts-expect-error: StackSpot has no API key
export const key = StackSpotClient.layer({ realm: "r", clientId: "c", apiKey: Redacted.make("k") })

// @ts-expect-error: nor in the environment
export const keyConfig = StackSpotClient.layerConfig({ apiKey: undefined })

// @ts-expect-error: a key in the clear
export const clear = StackSpotClient.layer({ realm: "r", clientId: "c", clientKey: "k" })

export const program = Effect.provide(LanguageModel.generateText({ prompt: "Hi" }), plain)

// @ts-expect-error: the client was not provided
export const unprovided: Effect.Effect<unknown, unknown> = program

export const conversation = (part: Response.ResponseMetadataPart): string | undefined =>
  part.metadata.stackspot?.conversationId

export const command: Effect.Effect<
  StackSpotQuickCommand.Execution,
  AiError.AiError | StackSpotQuickCommand.QuickCommandFailed | StackSpotQuickCommand.QuickCommandTimedOut,
  StackSpotClient.StackSpotClient
> = StackSpotQuickCommand.execute("slug", { code: "" })
