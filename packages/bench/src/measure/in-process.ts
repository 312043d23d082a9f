import type { Contender, Dialect, Endpoint } from "../contenders/Contender.ts"
import { contenders } from "../contenders/index.ts"
import { llmLayers } from "../contenders/llm-layers.ts"
import type { Options } from "../options.ts"
import type { Loopback } from "../transport/loopback.ts"
import { stub } from "../transport/stub.ts"
import type { Reads, Wire } from "../wire/Wire.ts"
import { makeWire } from "../wire/Wire.ts"
import { timeCall, timeFirstText, timeStream } from "./calls.ts"
import { interleave } from "./interleave.ts"
import type { Sample } from "./statistics.ts"

/** One measurement of every contender, by name. */
export type Comparison = ReadonlyMap<string, Sample>

/** Who carries the bytes: a stubbed `fetch`, or a server on a loopback socket. */
export type Transport = "stub" | Loopback

// A short answer, as a plain call mostly gives.
const shortAnswer = 20

/** Microseconds per text delta of one long stream. */
export const perChunk = (dialect: Dialect, transport: Transport, reads: Reads, options: Options) => {
  const wire = makeWire(dialect, options.deltas)
  return compare(dialect, endpointOf(transport, wire, reads, options.deltas), options, (connection) =>
    timeStream(connection, wire, options.deltas).then((elapsed) => elapsed * 1000 / options.deltas))
}

/** Microseconds per call that is not streamed. */
export const perCall = (dialect: Dialect, transport: Transport, options: Options) => {
  const wire = makeWire(dialect, shortAnswer)
  return compare(dialect, endpointOf(transport, wire, "event", shortAnswer), options, (connection) =>
    meanOf(options.calls, () => timeCall(connection, wire)))
}

/** Microseconds from a streamed call to its first text, one event per read. */
export const firstText = (dialect: Dialect, transport: Transport, options: Options) => {
  const wire = makeWire(dialect, shortAnswer)
  return compare(dialect, endpointOf(transport, wire, "event", shortAnswer), options, (connection) =>
    meanOf(Math.ceil(options.calls / 3), () => timeFirstText(connection, wire)))
}

/** How much longer a stream of twice the length takes. A stream whose cost is linear gives 2. */
export const doubling = async (dialect: Dialect, reads: Reads, options: Options) => {
  const time = (deltas: number) => {
    const wire = makeWire(dialect, deltas)
    const connection = llmLayers.connect(dialect, stub(wire, reads))
    return { connection, run: () => timeStream(connection, wire, deltas) }
  }
  const single = time(options.deltas * 2)
  const double = time(options.deltas * 4)
  const samples = await interleave([["single", single.run], ["double", double.run]], options.rounds)
  await Promise.all([single.connection.close(), double.connection.close()])
  return medianOf(samples, "double") / medianOf(samples, "single")
}

/** The median of one contender. */
export const medianOf = (comparison: Comparison, name: string): number => {
  const sample = comparison.get(name)
  if (sample === undefined) throw new Error(`${name} was not measured`)
  return sample.median
}

const endpointOf = (transport: Transport, wire: Wire, reads: Reads, deltas: number): Endpoint =>
  transport === "stub" ? stub(wire, reads) : transport.endpoint(reads, deltas)

const compare = async (
  dialect: Dialect,
  endpoint: Endpoint,
  { rounds }: Options,
  run: (connection: ReturnType<Contender["connect"]>) => Promise<number>
): Promise<Comparison> => {
  const entrants = contenders.map(({ connect, name }) => ({ name, connection: connect(dialect, endpoint) }))
  const samples = await interleave(entrants.map(({ connection, name }) => [name, () => run(connection)] as const), rounds)
  await Promise.all(entrants.map(({ connection }) => connection.close()))
  return samples
}

// Milliseconds in, microseconds out.
const meanOf = async (count: number, run: () => Promise<number>) => {
  let elapsed = 0
  for (let index = 0; index < count; index++) elapsed += await run()
  return elapsed * 1000 / count
}
