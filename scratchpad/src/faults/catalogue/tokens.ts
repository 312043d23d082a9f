/** Tokens that have to be asked for with the key: an endpoint that is down, slow or no such thing, and tokens refused. */
import type { LoopbackServer } from "@llm-layers/testing"
import { Redacted } from "effect"
import { secret } from "../call.ts"
import type { Case, Expected, Fails, Fault, Target } from "../Fault.ts"
import type { Tokens } from "../Wire.ts"
import { connectionFailed, invalidResponse, succeeds, timedOut, whole } from "./answers.ts"

const none = "the key itself goes with each request"

/** What both hosts do, in the order they are asked. */
const fault = (
  name: string,
  one: (target: Target, tokens: Tokens) => {
    readonly plans: LoopbackServer.Plans
    readonly expected: Expected
    readonly client?: NonNullable<Case["ask"]>["client"]
  }
): Fault => ({
  name: `token endpoint: ${name}`,
  cases: (target) => {
    const { tokens } = target.wire
    if (tokens === undefined) return none
    const { client, expected, plans } = one(target, tokens)
    const layer = (baseUrl: string) =>
      tokens.layer(target.wire.model, { apiKey: Redacted.make(secret), ...client, baseUrl })
    return [{ plans, ask: { layer }, expected }]
  }
})

const given = (tokens: Tokens): LoopbackServer.Plan => ({ body: tokens.token(secret) })

const refused = (tokens: Tokens): LoopbackServer.Plan => ({
  status: 401,
  body: tokens.refused(`No such key: ${secret}`)
})

const authentication: Fails = {
  _tag: "Fails",
  kind: "AuthenticationFailed",
  tag: "AuthenticationError",
  retryable: false,
  authentication: "InvalidKey"
}

/** Which of the hosts failed is told. */
const says = ["No access token"]

export const tokens: ReadonlyArray<Fault> = [
  fault(
    "no fault",
    (target, tokens) => ({ plans: [given(tokens), whole(target)], expected: { ...succeeds, requests: 2 } })
  ),
  fault("down", () => ({ plans: ["reset"], expected: { ...connectionFailed, says } })),
  fault("slow", () => ({
    plans: ["silence"],
    client: { timeout: "50 millis" },
    expected: { ...timedOut, says }
  })),
  fault("a page with a good status", () => ({
    plans: [{ headers: { "content-type": "text/html" }, body: `<html>Log in, ${secret}</html>` }],
    expected: { ...invalidResponse, says }
  })),
  fault("a page with an error status", () => ({
    plans: [{ status: 502, headers: { "content-type": "text/html" }, body: "<!DOCTYPE html><h1>Bad Gateway</h1>" }],
    expected: { _tag: "Fails", kind: "ProviderFailed", tag: "InternalProviderError", retryable: true, says }
  })),
  fault("wrong credentials", (_, tokens) => ({ plans: [refused(tokens)], expected: { ...authentication, says } })),
  fault("an answer without a token", () => ({ plans: [{ body: "{}" }], expected: { ...invalidResponse, says } })),
  fault("a token that is refused is renewed once", (target, tokens) => ({
    plans: [given(tokens), { status: 401, body: "{}" }, given(tokens), whole(target)],
    expected: { ...succeeds, requests: 4 }
  })),
  fault("a token that is refused twice", (_, tokens) => ({
    plans: [given(tokens), { status: 401, body: "{}" }, given(tokens), { status: 401, body: "{}" }],
    expected: { ...authentication, requests: 4 }
  }))
]
