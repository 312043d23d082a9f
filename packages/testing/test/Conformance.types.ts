import type * as Driver from "@llm-layers/core/Driver"
import type * as Policy from "@llm-layers/core/Policy"
import type { Harness } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"
import * as PolicyLaws from "@llm-layers/testing/PolicyLaws"
import { Context, Effect, type Layer } from "effect"

declare const harness: Harness.Harness
declare const without: <Key extends keyof Harness.Harness>(key: Key) => Omit<Harness.Harness, Key>

Conformance.suite("all is said", harness)

// @ts-expect-error: no model, nothing to check
Conformance.suite("no models", { ...harness, models: [] })

// @ts-expect-error: what is claimed has to be said
Conformance.suite("no claims", without("capabilities"))

// @ts-expect-error: a provider whose failures are not looked at is not checked
Conformance.suite("no failures", { ...harness, failures: [] })

// @ts-expect-error: there is no such feature to lack
Conformance.suite("lacks manners", { ...harness, lacks: { manners: "it is rude" } })

class Need extends Context.Service<Need, string>()("@test/Need") {}
declare const needing: Policy.Policy<Need>
declare const needed: Layer.Layer<Need>
const free = (driver: Driver.Driver) => Effect.succeed(driver)

PolicyLaws.suite("needs nothing", () => free)
PolicyLaws.suite("gets what it needs", () => needing, { layer: needed })

// @ts-expect-error: nobody supplies what it needs
PolicyLaws.suite("is left alone", () => needing)
