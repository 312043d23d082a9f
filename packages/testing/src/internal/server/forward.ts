/** A request sent on to another server, whose answer is the reply. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Reply, Request } from "./plan.ts"

/** They belong to a connection, or to a body as it was before `fetch` unpacked it. */
const ofTheConnection = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "transfer-encoding"
])

/** What the server at `address` answers. The exchange with it ends with the scope. */
export const reply = (
  address: string,
  request: Request,
  fetch: typeof globalThis.fetch
): Effect.Effect<Reply, never, Scope.Scope> =>
  Effect.gen(function*() {
    const controller = yield* Effect.acquireRelease(
      Effect.sync(() => new AbortController()),
      (controller) => Effect.sync(() => controller.abort())
    )
    return yield* Effect.match(
      Effect.tryPromise({
        try: () =>
          fetch(`${address}${request.path}`, {
            method: request.method,
            headers: headersOf(request),
            signal: controller.signal,
            ...(request.body === "" ? undefined : { body: request.body })
          }),
        catch: (thrown) => thrown
      }),
      { onFailure: (thrown) => broken(address, thrown), onSuccess: answerOf }
    )
  })

const headersOf = (request: Request): Headers => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || ofTheConnection.has(name)) continue
    for (const one of [value].flat()) headers.append(name, one)
  }
  return headers
}

const answerOf = ({ body, headers, status }: Response): Reply => ({
  status,
  headers: Object.fromEntries([...headers].filter(([name]) => !ofTheConnection.has(name))),
  ...(body === null
    ? undefined
    : { body: Stream.fromReadableStream({ evaluate: () => body, onError: (error) => error }) })
})

/** Nobody is there: said in words, as by other proxies. Otherwise the server broke the connection, which is passed on. */
const broken = (address: string, thrown: unknown): Reply => {
  const cause = thrown instanceof Error ? thrown.cause : undefined
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : ""
  return ["EAI_AGAIN", "ECONNREFUSED", "ENOTFOUND"].includes(code) || !(thrown instanceof TypeError)
    ? {
      status: 502,
      headers: { "content-type": "text/plain" },
      body: `${address} is not reached: ${code || String(thrown)}`
    }
    : "reset"
}
