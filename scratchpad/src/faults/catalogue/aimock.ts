/**
 * Answers of `@copilotkit/aimock`, a server of another project that speaks the vendors' protocols: with the faults it can
 * make itself, and with ours put in front of it.
 */
import { createServer, type Fixture } from "@copilotkit/aimock"
import { Chunking, Faults } from "@llm-layers/testing"
import { Effect } from "effect"
import type { Case, Fails, Fault, Succeeds, Target } from "../Fault.ts"
import { connectionFailed, interrupted, interruptedAtOnce, invalidResponse, timedOut } from "./answers.ts"

const text = "Hello from a mock, 🙂 in a few pieces."

const succeeds: Succeeds = {
  _tag: "Succeeds",
  text,
  parts: [{ type: "finish", usage: { inputTokens: { total: 5 }, outputTokens: { total: 7 } } }]
}

const serverFailed: Fails = { _tag: "Fails", kind: "ProviderFailed", tag: "InternalProviderError", retryable: true }

const rateLimited = (retryAfter: number): Fails => ({
  _tag: "Fails",
  kind: "RateLimited",
  tag: "RateLimitError",
  retryable: true,
  retryAfter
})

/** A server of its own for each case, behind a proxy whose sockets are counted. */
const behind = (fixture: Partial<Fixture>, fault: Faults.Fault = Faults.none): Case["plans"] =>
  Effect.acquireRelease(
    Effect.promise(() =>
      createServer([{
        match: { endpoint: "chat" },
        response: { content: text, usage: { input_tokens: 5, output_tokens: 7 } },
        chunkSize: 8,
        ...fixture
      }], { host: "127.0.0.1", port: 0, logLevel: "silent" })
    ),
    ({ server }) =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  ).pipe(Effect.map(({ url }) => Faults.proxy(url, fault)))

const fault = (
  name: string,
  one: (target: Target) => Case,
  ways?: Fault["ways"]
): Fault => ({ name: `aimock: ${name}`, ways, cases: (target) => [one(target)] })

export const aimock: ReadonlyArray<Fault> = [
  fault("no fault", () => ({ plans: behind({}), expected: succeeds })),
  fault("reads of 1 byte, CRLF", () => ({
    plans: behind({}, (plan) => Faults.chunked(Chunking.every(1))(Faults.lineEnds("\r\n")(plan))),
    expected: succeeds
  })),
  fault("first token late, the others with jitter", () => ({
    plans: behind({ streamingProfile: { ttft: 30, tps: 200, jitter: 0.5 } }),
    expected: succeeds
  })),
  fault("rate limit", () => ({
    plans: behind({
      response: {
        error: { message: "Slow down.", type: "rate_limit_error", code: "rate_limit_exceeded" },
        status: 429,
        retryAfter: 2
      }
    }),
    expected: rateLimited(2000)
  })),
  fault("chaos, rate limit", () => ({ plans: behind({ chaos: { rateLimitRate: 1 } }), expected: rateLimited(1000) })),
  fault("chaos, server error", () => ({ plans: behind({ chaos: { dropRate: 1 } }), expected: serverFailed })),
  fault("chaos, disconnect", () => ({ plans: behind({ chaos: { disconnectRate: 1 } }), expected: connectionFailed })),
  fault("chaos, malformed", ({ way }) => ({
    plans: behind({ chaos: { malformedRate: 1 } }),
    expected: invalidResponse,
    // In place of a stream it is a stream without an event, too.
    or: way === "streamText" ? [interruptedAtOnce] : []
  })),
  fault("chaos, latency", () => ({
    plans: behind({ chaos: { latencyMs: 2000 } }),
    ask: { client: { timeout: "100 millis" } },
    expected: timedOut
  })),
  fault("stream truncated", () => ({
    plans: behind({ truncateAfterChunks: 5, latency: 5 }),
    expected: interrupted({ startOf: text })
  }), ["streamText"]),
  fault("stream cut in front of it", () => ({
    plans: behind({}, Faults.cutAt(500)),
    expected: interrupted({ startOf: text })
  }), ["streamText"]),
  fault("reset in front of it", () => ({ plans: behind({}, Faults.reset), expected: connectionFailed }))
]
