import { assert, describe, it } from "@effect/vitest"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import * as NoNetwork from "@llm-layers/testing/NoNetwork"
import { Effect } from "effect"
import { createHook } from "node:async_hooks"
import { execFile } from "node:child_process"
import Dgram from "node:dgram"
import dns, { lookup } from "node:dns"
import dnsPromises from "node:dns/promises"
import { mkdtempSync, rmSync } from "node:fs"
import Http from "node:http"
import Http2 from "node:http2"
import Https from "node:https"
import Net, { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Tls from "node:tls"

const host = "no-such-host.example.com"

/** The first error of something that emits errors. */
const failure = (emitter: NodeJS.EventEmitter): Promise<unknown> =>
  new Promise((resolve) => emitter.once("error", resolve))

const thrown = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined, (error: unknown) => error)

const causeOf = (error: unknown): unknown => error instanceof Error ? error.cause : undefined

/** Every way out of the process that is meant to be closed. */
const routes: ReadonlyArray<readonly [string, (host: string) => Promise<unknown>]> = [
  ["fetch, http", (host) => thrown(fetch(`http://${host}/`)).then(causeOf)],
  ["fetch, https", (host) => thrown(fetch(`https://${host}/`)).then(causeOf)],
  ["node:http", (host) => failure(Http.get(`http://${host}/`))],
  [
    "node:http with an agent that keeps connections",
    (host) => failure(Http.get(`http://${host}/`, { agent: new Http.Agent({ keepAlive: true }) }))
  ],
  ["node:https", (host) => failure(Https.request(`https://${host}/`).end())],
  ["node:http2", (host) => failure(Http2.connect(`https://${host}`))],
  ["node:net, options", (host) => failure(Net.connect({ host, port: 80 }))],
  ["node:net, port and host", (host) => failure(connect(80, host))],
  ["node:net, a socket", (host) => failure(new Net.Socket().connect(80, host, () => undefined))],
  ["node:net, written to at once", (host) => {
    const socket = Net.connect(80, host)
    socket.write("early")
    return failure(socket)
  }],
  ["node:tls, options", (host) => failure(Tls.connect({ host, port: 443, servername: "example.com" }))],
  ["node:tls, port and host", (host) => failure(Tls.connect(443, host))],
  ["lookup", (name) => new Promise((resolve) => lookup(name, resolve))],
  ["lookup with options", (name) => new Promise((resolve) => dns.lookup(name, { all: true }, resolve))],
  ["resolve4", (name) => new Promise((resolve) => dns.resolve4(name, resolve))],
  ["a resolver's resolveTxt", (name) => new Promise((resolve) => new dns.Resolver().resolveTxt(name, resolve))],
  ["promises.lookup", (name) => thrown(dnsPromises.lookup(name))],
  ["promises.resolve", (name) => thrown(dnsPromises.resolve(name))],
  ["a promise resolver's resolveMx", (name) => thrown(new dnsPromises.Resolver().resolveMx(name))]
]

/** What Node itself begins: its own names for connections and DNS queries, below anything a test can replace. */
const begun = Effect.acquireRelease(
  Effect.sync(() => {
    const types: Array<string> = []
    const hook = createHook({
      init: (_, type) => {
        if (/^(?:GETADDRINFO|GETNAMEINFO|QUERYWRAP|TCPCONNECT|PIPECONNECT)/.test(type)) types.push(type)
      }
    })
    return { types, hook: hook.enable() }
  }),
  ({ hook }) => Effect.sync(() => hook.disable())
).pipe(Effect.map(({ types }) => types))

describe("layer", () => {
  it.effect.each(routes)("refuses %s, names the host and says how to allow it", ([, open]) =>
    Effect.gen(function*() {
      const types = yield* begun
      const error = yield* Effect.promise(() => open(host))
      assert.instanceOf(error, NoNetwork.NetworkForbidden)
      assert.strictEqual(error.host, host)
      assert.strictEqual(error.code, "ERR_NETWORK_FORBIDDEN")
      assert.include(error.message, host)
      assert.include(error.message, `NoNetwork.layer({ allow: ["${host}"] })`)
      assert.deepStrictEqual(types, [])
    }).pipe(Effect.provide(NoNetwork.layer())))

  it.effect("refuses a WebSocket, whose own error does not say why", () =>
    Effect.gen(function*() {
      const types = yield* begun
      const event = yield* Effect.promise(() =>
        new Promise<Event>((resolve) => new WebSocket(`ws://${host}/`).addEventListener("error", resolve))
      )
      assert.strictEqual(event.type, "error")
      assert.deepStrictEqual(types, [])
    }).pipe(Effect.provide(NoNetwork.layer())))

  it.effect.each([
    "203.0.113.7",
    "10.0.0.1",
    "2001:db8::1",
    "128.0.0.1",
    "localhost.example.com",
    "127.0.0.1.example.com"
  ])(
    "refuses %s",
    (address) =>
      Effect.gen(function*() {
        const types = yield* begun
        assert.instanceOf(yield* Effect.promise(() => failure(Net.connect(80, address))), NoNetwork.NetworkForbidden)
        assert.deepStrictEqual(types, [])
      }).pipe(Effect.provide(NoNetwork.layer()))
  )

  it.effect.each([
    "127.0.0.1",
    "127.8.9.10",
    "::1",
    "::ffff:127.0.0.1",
    "localhost",
    "LOCALHOST",
    "0.0.0.0",
    undefined
  ])(
    "leaves %s alone",
    (address) =>
      Effect.gen(function*() {
        const types = yield* begun
        // Nobody listens there.
        const error = yield* Effect.promise(() =>
          failure(address === undefined ? Net.connect(1) : Net.connect(1, address))
        )
        assert.notInstanceOf(error, NoNetwork.NetworkForbidden)
        assert.include(types, "TCPCONNECTWRAP")
      }).pipe(Effect.provide(NoNetwork.layer()))
  )

  it.effect("lets HTTP on loopback through, by fetch and by node:http", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ body: "one" }, { body: "two" }])
      const one = yield* Effect.promise(() => fetch(server.url).then((response) => response.text()))
      const two = yield* Effect.promise(() =>
        new Promise((resolve) => Http.get(server.url, (response) => response.on("data", resolve)))
      )
      assert.strictEqual(`${one} ${String(two)}`, "one two")
    }).pipe(Effect.provide(NoNetwork.layer())))

  it.effect("lets a Unix socket through", () =>
    Effect.gen(function*() {
      const dir = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "no-network-"))),
        (dir) => Effect.sync(() => rmSync(dir, { recursive: true }))
      )
      const path = join(dir, "socket")
      const server = yield* Effect.acquireRelease(
        Effect.callback<Net.Server>((resume) => {
          const server = Net.createServer((socket) => socket.end("hi")).listen(
            path,
            () => resume(Effect.succeed(server))
          )
        }),
        (server) => Effect.sync(() => server.close())
      )
      assert.isTrue(server.listening)
      for (const open of [() => Net.connect(path), () => Net.connect({ path })]) {
        const text = yield* Effect.promise(() => new Promise((resolve) => open().once("data", resolve)))
        assert.strictEqual(String(text), "hi")
      }
    }).pipe(Effect.provide(NoNetwork.layer())))

  it.effect("lets hosts through that are allowed, and no others", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ body: "hello" }])
      const { port } = new URL(server.url)
      // The name leads to the server without a DNS query.
      const ask = (host: string) =>
        Effect.promise(() =>
          new Promise<unknown>((resolve) =>
            Http.get({ host, port, agent: false, lookup: (_, options, callback) => callback(null, found(options), 4) })
              .on("response", (response) => response.on("data", (data) => resolve(String(data))))
              .on("error", resolve)
          )
        )
      const found = (options: dns.LookupOptions) =>
        options.all === true ? [{ address: "127.0.0.1", family: 4 }] : "127.0.0.1"
      assert.instanceOf(yield* ask("other.example.com"), NoNetwork.NetworkForbidden)
      assert.strictEqual(yield* ask("api.example.com"), "hello")
    }).pipe(Effect.provide(NoNetwork.layer({ allow: ["API.Example.com."] }))))

  it.effect("lets DNS queries through that are allowed, and no others", () =>
    Effect.gen(function*() {
      const types = yield* begun
      const server = yield* Effect.acquireRelease(
        Effect.callback<Dgram.Socket>((resume) => {
          const socket = Dgram.createSocket("udp4").bind(0, "127.0.0.1", () => resume(Effect.succeed(socket)))
        }),
        (socket) => Effect.sync(() => socket.close())
      )
      let packets = 0
      server.on("message", (message, from) => {
        packets++
        // Byte 3 of a DNS message has the response code; 3 says that there is no such name.
        message[2] = 0x81
        message[3] = 0x83
        server.send(message, from.port, from.address)
      })
      const resolver = new dns.Resolver({ tries: 1 })
      resolver.setServers([`127.0.0.1:${server.address().port}`])
      const ask = (name: string) =>
        Effect.promise(() => new Promise<unknown>((resolve) => resolver.resolve4(name, resolve)))

      assert.instanceOf(yield* ask("other.example.com"), NoNetwork.NetworkForbidden)
      assert.strictEqual(packets, 0)
      assert.deepInclude(yield* ask("db.example.com"), { code: "ENOTFOUND" })
      assert.isAbove(packets, 0)
      assert.include(types, "QUERYWRAP")
    }).pipe(Effect.provide(NoNetwork.layer({ allow: ["db.example.com"] }))))

  it.effect("adds to what a scope around it allows", () =>
    Effect.gen(function*() {
      const attempt = Effect.promise(() => failure(Net.connect({ host: "203.0.113.7", port: 80, signal })))
      // Ends the attempt that is let through before it leaves.
      const signal = AbortSignal.abort()
      const inner = yield* Effect.provide(attempt, NoNetwork.layer({ allow: ["203.0.113.7"] }))
      assert.notInstanceOf(inner, NoNetwork.NetworkForbidden)
      assert.instanceOf(
        yield* Effect.promise(() => failure(Net.connect(80, "203.0.113.7"))),
        NoNetwork.NetworkForbidden
      )
    }).pipe(Effect.provide(NoNetwork.layer({ allow: ["db.example.com"] }))))
})

/** What a program of its own prints: this process has the switch on from its start. */
const run = (code: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = ["--conditions=llm-layers-source", "--input-type=module", "--eval", code]
    execFile(process.execPath, options, { cwd: import.meta.dirname }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim())
      else reject(new Error(stderr, { cause: error }))
    })
  })

describe("forbid", () => {
  it("is undone with the last that ends, and every function of Node is then the one it was", async () => {
    const printed = await run(`
      import dns, { lookup } from "node:dns"
      import net from "node:net"
      import * as NoNetwork from "@llm-layers/testing/NoNetwork"

      const places = [net.Socket.prototype, dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]
      const all = () => places.flatMap((place) => Object.getOwnPropertyNames(place).map((name) => place[name])).concat(lookup)
      const changed = (before) => all().filter((one, index) => one !== before[index]).length
      const before = all()

      const first = NoNetwork.forbid()
      const on = changed(before)
      const second = NoNetwork.forbid()
      first()
      first()
      const stillOn = changed(before)
      second()
      console.log(on > 30, stillOn === on, changed(before), all().length === before.length)
    `)
    assert.strictEqual(printed, "true true 0 true")
  })

  it("leaves what somebody else has put in its place since", async () => {
    const printed = await run(`
      import net from "node:net"
      import * as NoNetwork from "@llm-layers/testing/NoNetwork"

      const end = NoNetwork.forbid()
      const ours = net.Socket.prototype.connect
      const theirs = function(...args) { return ours.apply(this, args) }
      net.Socket.prototype.connect = theirs
      end()
      net.connect(1, "127.0.0.1").on("error", (error) => {
        console.log(net.Socket.prototype.connect === theirs, error.code)
      })
    `)
    assert.strictEqual(printed, "true ECONNREFUSED")
  })
})

describe("NoNetworkSetup", () => {
  it("forbids without any Layer: it is the setup file of this very run", async () => {
    assert.instanceOf(await failure(Net.connect(80, host)), NoNetwork.NetworkForbidden)
  })

  it("forbids from its import on, without Effect", async () => {
    const printed = await run(`
      import net from "node:net"
      await import("@llm-layers/testing/NoNetworkSetup")
      net.connect(80, "${host}").on("error", (error) => console.log(error.name))
    `)
    assert.strictEqual(printed, "NetworkForbidden")
  })
})
