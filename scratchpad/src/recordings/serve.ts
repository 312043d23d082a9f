import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { type Json, parseJson } from "./json.ts"
import type { RecordedResponse } from "./record.ts"

/** What the server was asked, in the order it was asked. */
export interface Asked {
  readonly path: string
  readonly body: Json | undefined
}

/** An answer put up under an address of its own. */
export interface Mount {
  /** Without a slash at the end. */
  readonly baseUrl: string
  readonly asked: ReadonlyArray<Asked>
}

export interface RecordingServer {
  /** The recorded answer to every request below a new address. */
  readonly mount: (response: RecordedResponse) => Mount
}

/** Headers that belong to the connection or to the length of what was on it; the body here is already decompressed. */
const ofTheConnection = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding"])

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk as Buffer) // an IncomingMessage without an encoding gives buffers
  return Buffer.concat(chunks).toString("utf8")
}

const answer = (response: ServerResponse, recorded: RecordedResponse): void => {
  for (const [name, value] of Object.entries(recorded.headers)) {
    if (!ofTheConnection.has(name)) response.setHeader(name, value)
  }
  response.statusCode = recorded.status
  response.end(Buffer.from(recorded.body, "utf8"))
}

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
      mounted?.asked.push({ path: `/${rest.join("/")}`, body: parseJson(text) })
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
