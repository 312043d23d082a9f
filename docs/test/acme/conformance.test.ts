import type { Harness } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"
import { Layer } from "effect"
import * as AcmeCapabilities from "../../guides/acme/AcmeCapabilities.ts"
import * as AcmeClient from "../../guides/acme/AcmeClient.ts"
import * as AcmeLanguageModel from "../../guides/acme/AcmeLanguageModel.ts"
import { answer } from "./said.ts"

const oops = (name: string, text: string) => ({ oops: { name, text } })

const harness: Harness.Harness<AcmeLanguageModel.Config> = {
  models: ["acme-large", "acme-mini"],
  capabilities: AcmeCapabilities.of,
  layer: ({ apiKey, baseUrl, fetch, model, settings }) =>
    AcmeLanguageModel.layer(model, settings).pipe(
      Layer.provide(AcmeClient.layer({ apiKey, baseUrl, fetch }))
    ),
  settings: {
    reasoning: { settings: { think: true }, wire: true },
    reasoningOff: { settings: { think: false }, wire: false }
  },
  answer,
  failures: [
    {
      name: "a prompt that is too long",
      status: 400,
      body: oops("too_long", "Shorter, please"),
      kind: "ContextOverflow"
    },
    { name: "no capacity", status: 500, body: oops("tired", "Later"), kind: "Overloaded" },
    { name: "no credit", status: 403, body: oops("broke", "Pay first"), kind: "QuotaExhausted" },
    { name: "a key that is not one", status: 401, body: oops("who", "Who are you?"), kind: "AuthenticationFailed" },
    {
      name: "too many requests",
      status: 429,
      headers: { "retry-after": "3" },
      body: oops("slow", "Slow down"),
      kind: "RateLimited",
      retryAfter: 3_000
    }
  ],
  errorEvents: [{ name: "no capacity", data: oops("tired", "Later"), kind: "Overloaded" }],
  lacks: { sources: "Acme cites nothing" },
  unknownEvents: [{ data: { pulse: 1 } }, { event: "mood", data: { mood: "fine" } }],
  opaque: ["args"]
}

Conformance.suite("Acme", harness)
