/**
 * What keeps Node's `fetch` from giving up before our own time limits do. Its agent, which is undici's, waits 300 seconds
 * for the head of an answer and as long between two reads; a model that thinks, or a slow local server, takes longer.
 */

/** undici is part of Node and has no name to import it by: what it is at work with stands here. */
const installed = Symbol.for("undici.globalDispatcher.1")

/** From undici 8 on, which packages may bring along; it wraps its own for Node's. */
const installedToo = Symbol.for("undici.globalDispatcher.2")

/** None: the limits of the client and of policies hold. */
const limits = { headersTimeout: 0, bodyTimeout: 0 }

type Dispatcher = NonNullable<RequestInit["dispatcher"]>

interface Options {
  readonly headersTimeout: number
  readonly bodyTimeout: number
}

/** The last dispatcher that was looked at, and what goes in its place. One for the process, so that connections are kept. */
let known: { readonly of: unknown; readonly instead: Dispatcher | undefined } = { of: undefined, instead: undefined }

/**
 * The dispatcher for a request, or `undefined` where `fetch` is to take its own: where a program installed one, such as a
 * proxy, where the agent is given settings, and in what is not Node.
 */
export const unlimited = (): Dispatcher | undefined => {
  // Nobody else has these keys.
  const place = globalThis as { readonly [installed]?: unknown; readonly [installedToo]?: unknown }
  // Node loads undici when a class of it is named.
  const current = place[installed] ?? (typeof globalThis.Headers === "function" ? place[installed] : undefined)
  if (known.of !== current) known = { of: current, instead: insteadOf(current, place[installedToo]) }
  return known.instead
}

const insteadOf = (current: unknown, wrapped: unknown): Dispatcher | undefined => {
  const Agent = defaultAgent(current)
  if (Agent !== undefined) return new Agent(limits)
  const Wrapped = nameOf(current) === "Dispatcher1Wrapper" ? defaultAgent(wrapped) : undefined
  const Wrapper = Wrapped && classOf(current)
  return Wrapped && Wrapper && new Wrapper(new Wrapped(limits))
}

type Class = new(argument?: Options | Dispatcher) => Dispatcher

const classOf = (dispatcher: unknown): Class | undefined => {
  if (typeof dispatcher !== "object" || dispatcher === null) return undefined
  const made: unknown = dispatcher.constructor
  // A class of undici, whose constructor takes options, or what it wraps.
  return typeof made === "function" ? made as Class : undefined
}

const nameOf = (dispatcher: unknown): string | undefined => classOf(dispatcher)?.name

/** The class of an agent that is as undici made it, with no setting of its own. */
const defaultAgent = (dispatcher: unknown): Class | undefined => {
  const Agent = classOf(dispatcher)
  if (Agent === undefined || Agent.name !== "Agent" || typeof dispatcher !== "object" || dispatcher === null) {
    return undefined
  }
  // Of an agent with interceptors this is another function than that of its class.
  if (Reflect.get(dispatcher, "dispatch") !== Reflect.get(Agent.prototype, "dispatch")) return undefined
  try {
    const fresh = new Agent()
    const options = member(dispatcher, "options")
    return isRecord(options) && sameMembers(options, member(fresh, "options")) &&
        member(dispatcher, "factory") === member(fresh, "factory")
      ? Agent
      : undefined
  } catch {
    return undefined
  }
}

/** undici keeps what it was given under symbols. */
const member = (dispatcher: object, name: string): unknown => {
  const symbol = Object.getOwnPropertySymbols(dispatcher).find((one) => one.description === name)
  return symbol === undefined ? undefined : Reflect.get(dispatcher, symbol)
}

const isRecord = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null

const sameMembers = (one: { readonly [name: string]: unknown }, other: unknown): boolean =>
  isRecord(other) && Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([name, value]) => Object.is(value, other[name]))
