/** Keys that no vendor is asked about. */
import { ConfigProvider, Effect, Layer, Redacted } from "effect"
import { secretEnd } from "../call.ts"
import type { Case, Fails, Fault } from "../Fault.ts"

const authentication = (authentication: string): Fails => ({
  _tag: "Fails",
  kind: "AuthenticationFailed",
  tag: "AuthenticationError",
  retryable: false,
  authentication,
  requests: 0
})

const emptyEnvironment = ConfigProvider.layer(ConfigProvider.fromEnv({ env: {} }))

export const keys: ReadonlyArray<Fault> = [
  {
    name: "no key in the environment",
    cases: ({ wire }) => [{
      ask: { layer: () => Layer.provide(wire.fromEnvironment(wire.model), emptyEnvironment) },
      expected: { _tag: "NoLayer", variable: wire.keyVariable }
    }]
  },
  {
    name: "key that no header can hold",
    cases: () => [{
      ask: { client: { apiKey: Redacted.make(`fault+key/\n${secretEnd}`) } },
      expected: authentication("InvalidKey")
    }]
  },
  {
    name: "key that cannot be read",
    cases: (): ReadonlyArray<Case> => [{
      ask: { client: { apiKey: Effect.fail("vault is sealed") } },
      expected: authentication("MissingKey")
    }]
  }
]
