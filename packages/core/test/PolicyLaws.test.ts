import * as Policy from "@llm-layers/core/Policy"
import * as PolicyLaws from "@llm-layers/testing/PolicyLaws"
import { Effect, Stream } from "effect"

/** A policy that does something, and changes nothing. */
const noted: Policy.Policy = (driver) =>
  Effect.succeed({
    ...driver,
    generateText: (options) => Effect.tap(driver.generateText(options), () => Effect.void),
    streamText: (options) => Stream.tap(driver.streamText(options), () => Effect.void)
  })

PolicyLaws.suite("compose of none", () => Policy.compose())
PolicyLaws.suite("compose of several", () => Policy.compose(noted, Policy.compose(noted), noted))
