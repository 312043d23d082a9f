/**
 * The place every connection of this process goes through, and what is put there. No Effect here: a setup file of a test
 * run loads this before each test file.
 */
import dns from "node:dns"
import { syncBuiltinESMExports } from "node:module"
import net from "node:net"

/** A connection or a DNS query that was refused. Node and `fetch` hand it on as the error of the connection. */
export class NetworkForbidden extends Error {
  override readonly name = "NetworkForbidden"
  readonly code = "ERR_NETWORK_FORBIDDEN"
  readonly host: string

  constructor(what: string, host: string) {
    super(
      `${what} is forbidden: this test run may reach this machine alone. If the test is meant to reach the host, allow it: ` +
        `NoNetwork.layer({ allow: [${JSON.stringify(host)}] }), or \`allow\` of NoNetwork.forbid in the setup file`
    )
    this.host = host
  }
}

interface State {
  /** The lists of those who forbid. The network is free where there are none. */
  readonly allowed: Set<ReadonlySet<string>>
  undo: (() => void) | undefined
}

const key = Symbol.for("@llm-layers/testing/NoNetwork")

/** One for all copies of this module: Vitest loads one a test file. */
const state = (): State => {
  // Nobody else has this key.
  const place = globalThis as { [key]?: State }
  return place[key] ??= { allowed: new Set(), undo: undefined }
}

/** Forbids, until the function that comes back is called. */
export const forbid = (allow: ReadonlyArray<string> = []): () => void => {
  const all = state()
  const mine = new Set(allow.map(plain))
  all.allowed.add(mine)
  all.undo ??= install(all)
  return () => {
    if (!all.allowed.delete(mine) || all.allowed.size > 0) return
    all.undo?.()
    all.undo = undefined
  }
}

const thisMachine = new net.BlockList()
thisMachine.addSubnet("127.0.0.0", 8, "ipv4")
thisMachine.addAddress("::1", "ipv6")
// Not specified: a connection to it goes to this machine.
thisMachine.addAddress("0.0.0.0", "ipv4")
thisMachine.addAddress("::", "ipv6")

/** As hosts are compared: `[::1]` is `::1`, `Example.com.` is `example.com`. */
const plain = (host: string): string => host.toLowerCase().replace(/^\[|\]$|\.$/g, "")

const isThisMachine = (host: string): boolean =>
  host === "localhost" || (net.isIP(host) > 0 && thisMachine.check(host, net.isIPv6(host) ? "ipv6" : "ipv4"))

/** With `query` a name is looked for in the DNS, which is on another machine, whatever the name. */
const mayReach = ({ allowed }: State, host: string, query: boolean): boolean =>
  allowed.size === 0 || (!query && isThisMachine(host)) || [...allowed].some((hosts) => hosts.has(host))

/** The host of a call of `connect`, in any of its forms; `undefined` for a pipe. */
const targetOf = (args: ReadonlyArray<unknown>): { readonly host: string; readonly port: string } | undefined => {
  // Node itself hands over its arguments as an array.
  const [first, second] = Array.isArray(args[0]) ? args[0] : args
  const fields = typeof first === "object" && first !== null
    ? { host: undefined, port: undefined, path: undefined, ...first }
    : Number(first) >= 0
    ? { host: second, port: first, path: undefined }
    : { host: undefined, port: undefined, path: first }
  if (typeof fields.path === "string" && fields.path !== "") return undefined
  return { host: plain(typeof fields.host === "string" ? fields.host : "localhost"), port: String(fields.port) }
}

/** Puts a function in the place of another one. What comes back takes it out again, unless somebody replaced it since. */
const replace = (
  holder: object,
  name: string,
  wrap: (original: (...args: Array<unknown>) => unknown) => (this: unknown, ...args: Array<unknown>) => unknown
): () => void => {
  const original: unknown = Reflect.get(holder, name)
  if (typeof original !== "function") return () => undefined
  const own = Object.hasOwn(holder, name)
  // A function of Node; it is called with the arguments it was called with.
  const replacement = wrap(original as (...args: Array<unknown>) => unknown)
  Reflect.set(holder, name, replacement)
  return () => {
    if (Reflect.get(holder, name) !== replacement) return
    if (own) Reflect.set(holder, name, original)
    else Reflect.deleteProperty(holder, name)
  }
}

const install = (all: State): () => void => {
  const undo = [replaceConnect(all), ...replaceQueries(all)]
  syncBuiltinESMExports()
  return () => {
    for (const one of undo) one()
    syncBuiltinESMExports()
  }
}

/** `fetch`, `http`, `https`, `http2`, `tls` and `WebSocket` all connect here. */
const replaceConnect = (all: State): () => void =>
  replace(net.Socket.prototype, "connect", (original) =>
    function(...args) {
      const target = targetOf(args)
      if (target === undefined || mayReach(all, target.host, false)) return original.apply(this, args)
      // Called on a socket, as the method it stands for.
      const socket = this as net.Socket & { connecting: boolean }
      // As for a name that is not found: what is written waits for the connection, and the error comes on a later turn.
      socket.connecting = true
      const error = new NetworkForbidden(`A connection to ${target.host}:${target.port}`, target.host)
      process.nextTick(() => socket.destroy(error))
      return socket
    })

const replaceQueries = (all: State): ReadonlyArray<() => void> => {
  const error = (host: unknown, query: boolean): NetworkForbidden | undefined => {
    const name = typeof host === "string" ? plain(host) : "localhost"
    return mayReach(all, name, query) ? undefined : new NetworkForbidden(`A DNS query for ${name}`, name)
  }
  const queries = (holder: object) =>
    Object.getOwnPropertyNames(holder).filter((name) => /^(?:lookup|resolve|reverse)/.test(name))
  const withCallback = [dns, dns.Resolver.prototype].flatMap((holder) =>
    queries(holder).map((name) =>
      replace(holder, name, (original) =>
        function(...args) {
          const refused = error(args[0], name !== "lookup")
          const callback = args.at(-1)
          if (refused === undefined || typeof callback !== "function") return original.apply(this, args)
          process.nextTick(callback, refused)
          return {}
        })
    )
  )
  const withPromise = [dns.promises, dns.promises.Resolver.prototype].flatMap((holder) =>
    queries(holder).map((name) =>
      replace(holder, name, (original) =>
        function(...args) {
          const refused = error(args[0], name !== "lookup")
          return refused === undefined ? original.apply(this, args) : Promise.reject(refused)
        })
    )
  )
  return [...withCallback, ...withPromise]
}
