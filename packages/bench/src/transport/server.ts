/**
 * The loopback server, run as a process of its own. It writes every answer in one piece, framed beforehand, so that it
 * is never what a measurement waits for. Paths: `/<reads>/<count>/v1/chat/completions` and `/…/v1/responses`.
 */
import { createServer } from "node:net"
import type { Reads } from "../wire/Wire.ts"
import { makeWire, readsOf } from "../wire/Wire.ts"

interface Answers {
  readonly stream: Buffer
  readonly plain: Buffer
}

const answers = new Map<string, Answers>()

const answersFor = (path: string): Answers => {
  const known = answers.get(path)
  if (known !== undefined) return known
  const match = /^\/(event|coalesced)\/(\d+)\/v1\/(chat\/completions|responses)$/.exec(path)
  if (match === null) throw new Error(`no answer for ${path}`)
  const [, reads, count, route] = match
  const wire = makeWire(route === "responses" ? "responses" : "chat", Number(count))
  // The pattern admits nothing else.
  const made = { stream: chunked(readsOf(wire, reads as Reads)), plain: plain(wire.body) }
  answers.set(path, made)
  return made
}

// A client's HTTP parser hands over one read per chunk frame, so the frames decide the reads.
const chunked = (reads: ReadonlyArray<Uint8Array>) =>
  Buffer.concat([
    Buffer.from(
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n"
    ),
    ...reads.flatMap((read) => [Buffer.from(`${read.length.toString(16)}\r\n`), read, Buffer.from("\r\n")]),
    Buffer.from("0\r\n\r\n")
  ])

const plain = (body: Uint8Array) =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`),
    body
  ])

const server = createServer({ noDelay: true }, (socket) => {
  let received = ""
  socket.setEncoding("latin1")
  socket.on("data", (data) => {
    received += data
    const headersEnd = received.indexOf("\r\n\r\n")
    if (headersEnd === -1) return
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1])
    const body = received.slice(headersEnd + 4)
    if (body.length < length) return
    const path = received.slice(received.indexOf(" ") + 1, received.indexOf(" HTTP/1.1"))
    received = ""
    const { plain, stream } = answersFor(path)
    socket.write(body.includes("\"stream\":true") ? stream : plain)
  })
  // A client that stops early resets the connection; that is no fault here.
  socket.on("error", () => {})
})

server.listen(0, "127.0.0.1", () => process.send?.(server.address()))
process.on("disconnect", () => process.exit(0))
