import type { Connection, Dialect, Endpoint } from "../contenders/Contender.ts"
import { contenders } from "../contenders/index.ts"
import { llmLayers } from "../contenders/llm-layers.ts"
import type { Options } from "../options.ts"
import type { Loopback } from "../transport/loopback.ts"
import { stub } from "../transport/stub.ts"
import type { Reads, Wire } from "../wire/Wire.ts"
import { makeWire } from "../wire/Wire.ts"
import { timeCall, timeFirstText, timeStream } from "./calls.ts"
import { interleave } from "./interleave.ts"
import type { Comparison } from "./statistics.ts"
import { comparisonOf, ratioOf } from "./statistics.ts"
import type { Clock, Times } from "./stopwatch.ts"

/** One measurement of every contender on both clocks, in microseconds. */
export type Measured = { readonly [clock in Clock]: Comparison }

/** Who carries the bytes: a stubbed `fetch`, or a server on a loopback socket. */
export type Transport = "stub" | Loopback

// A short answer, as a plain call mostly gives.
const shortAnswer = 20

/** One text delta of one long stream. */
export const perChunk = (dialect: Dialect, transport: Transport, reads: Reads, options: Options) => {
  const wire = makeWire(dialect, options.deltas)
  return measure(dialect, endpointOf(transport, wire, reads, options.deltas), options, (connection) =>
    timeStream(connection, wire, options.deltas).then((times) => [times, options.deltas]))
}

/** One call that is not streamed. */
export const perCall = (dialect: Dialect, transport: Transport, options: Options) => {
  const wire = makeWire(dialect, shortAnswer)
  return measure(dialect, endpointOf(transport, wire, "event", shortAnswer), options, (connection) =>
    repeat(options.calls, () => timeCall(connection, wire)))
}

/** From a streamed call to its first text, one event per read. */
export const firstText = (dialect: Dialect, transport: Transport, options: Options) => {
  const wire = makeWire(dialect, shortAnswer)
  return measure(dialect, endpointOf(transport, wire, "event", shortAnswer), options, (connection) =>
    repeat(Math.ceil(options.calls / 3), () => timeFirstText(connection, wire)))
}

/** How many times the work of one stream a stream of twice the length is. Where the cost is linear that is 2. */
export const doubling = async (dialect: Dialect, reads: Reads, options: Options): Promise<number> => {
  const entrantOf = (deltas: number) => {
    const wire = makeWire(dialect, deltas)
    const connection = llmLayers.connect(dialect, stub(wire, reads))
    return { connection, run: () => timeStream(connection, wire, deltas) }
  }
  const single = entrantOf(options.deltas * 2)
  const double = entrantOf(options.deltas * 4)
  const results = await interleave([["single", single.run], ["double", double.run]], options.rounds)
  await Promise.all([single.connection.close(), double.connection.close()])
  return ratioOf(comparisonOf(results, (times) => times.cpu), "double", "single")
}

const endpointOf = (transport: Transport, wire: Wire, reads: Reads, deltas: number): Endpoint =>
  transport === "stub" ? stub(wire, reads) : transport.endpoint(reads, deltas)

/** The times of some work, and how many units of work that was. */
type Work = readonly [Times, number]

const measure = async (
  dialect: Dialect,
  endpoint: Endpoint,
  { rounds }: Options,
  run: (connection: Connection) => Promise<Work>
): Promise<Measured> => {
  const entrants = contenders.map(({ connect, name }) => ({ name, connection: connect(dialect, endpoint) }))
  const results = await interleave(entrants.map(({ connection, name }) => [name, () => run(connection)] as const), rounds)
  await Promise.all(entrants.map(({ connection }) => connection.close()))
  const microseconds = (clock: Clock) => comparisonOf(results, ([times, units]) => times[clock] * 1000 / units)
  return { cpu: microseconds("cpu"), wall: microseconds("wall") }
}

const repeat = async (count: number, run: () => Promise<Times>): Promise<Work> => {
  let cpu = 0
  let wall = 0
  for (let index = 0; index < count; index++) {
    const times = await run()
    cpu += times.cpu
    wall += times.wall
  }
  return [{ cpu, wall }, count]
}
