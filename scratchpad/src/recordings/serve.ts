import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse
} from "node:http"
import type { AddressInfo } from "node:net"
import { parseJson } from "./json.ts"
import type { RecordedResponse } from "./record.ts"
import { answerHeaders, type Asked, type Transport } from "./transport.ts"

export interface RecordingServer {
  /** The recorded answer to every request below a new address. */
  readonly mount: (response: RecordedResponse) => Transport
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk as Buffer) // an IncomingMessage without an encoding gives buffers
  return Buffer.concat(chunks).toString("utf8")
}

const answer = (response: ServerResponse, recorded: RecordedResponse): void => {
  for (const [name, value] of Object.entries(answerHeaders(recorded.headers))) response.setHeader(name, value)
  // A connection that waits for another request may be closed just when one is sent.
  response.shouldKeepAlive = false
  response.statusCode = recorded.status
  response.end(Buffer.from(recorded.body, "utf8"))
}

const headersOf = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

const listen = (server: Server): Effect.Effect<number, Error> =>
  Effect.callback((resume) => {
    server.once("error", (error) => resume(Effect.fail(error)))
    // The address of a server that listens on a port is never a string or null.
    server.listen(0, "127.0.0.1", () => resume(Effect.succeed((server.address() as AddressInfo).port)))
  })

/** A server on a free port of this machine that gives out recorded answers, until the scope closes. */
export const startServer: Effect.Effect<RecordingServer, Error, Scope.Scope> = Effect.gen(function*() {
  const mounts = new Map<string, { readonly recorded: RecordedResponse; readonly asked: Array<Asked> }>()
  const server = createServer((request, response) => {
    const [, key = "", ...rest] = (request.url ?? "").split("/")
    const mounted = mounts.get(key)
    readBody(request).then((text) => {
      mounted?.asked.push({
        path: `/${rest.join("/")}`,
        headers: headersOf(request.headers),
        body: parseJson(text)
      })
      if (mounted === undefined) response.writeHead(404).end()
      else answer(response, mounted.recorded)
    }).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  const port = yield* listen(server)
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      server.closeAllConnections()
      server.close()
    })
  )
  return {
    mount: (recorded) => {
      const key = String(mounts.size)
      const asked: Array<Asked> = []
      mounts.set(key, { recorded, asked })
      return { baseUrl: `http://127.0.0.1:${port}/${key}`, asked }
    }
  }
})
