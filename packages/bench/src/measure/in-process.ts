import type { Connection, Dialect, Endpoint } from "../contenders/Contender.ts"
import { contenders } from "../contenders/index.ts"
import { llmLayers } from "../contenders/llm-layers.ts"
import type { Options } from "../options.ts"
import type { Loopback } from "../transport/loopback.ts"
import { stub } from "../transport/stub.ts"
import type { Reads, Wire } from "../wire/Wire.ts"
import { makeWire } from "../wire/Wire.ts"
import { timeCall, timeFirstText, timeStream } from "./calls.ts"
import type { Rounds } from "./interleave.ts"
import { interleave } from "./interleave.ts"
import type { Comparison } from "./statistics.ts"
import { comparisonOf, median, ratioOf } from "./statistics.ts"
import type { Times } from "./stopwatch.ts"

/** A measurement of every contender by both clocks, in microseconds. */
export interface Measured {
  readonly cpu: Comparison
  readonly wall: Comparison
}

/** Who carries the bytes: a stubbed `fetch`, or a server on a loopback socket. */
export type Transport = "stub" | Loopback

// A short answer, as a plain call mostly gives.
const shortAnswer = 20

/** One text delta of one long stream. */
export const perChunk = async (
  dialect: Dialect,
  transport: Transport,
  reads: Reads,
  { deltas, rounds }: Options
): Promise<Measured> => {
  const wire = makeWire(dialect, deltas)
  const results = await measure(
    dialect,
    endpointOf(transport, wire, reads, deltas),
    rounds,
    (connection) => timeWarmStream(connection, wire, deltas)
  )
  const microseconds = (clock: keyof Times) => comparisonOf(results, (times) => times[clock] * 1000 / deltas)
  return { cpu: microseconds("cpu"), wall: microseconds("wall") }
}

/** One call that is not streamed, in microseconds on the clock. */
export const perCall = (dialect: Dialect, transport: Transport, options: Options) =>
  manyCalls(dialect, transport, options, timeCall)

/** From a streamed call to its first text, one event per read, in microseconds on the clock. */
export const firstText = (dialect: Dialect, transport: Transport, options: Options) =>
  manyCalls(dialect, transport, { ...options, calls: Math.ceil(options.calls / 3) }, timeFirstText)

// Both lengths are past what the caches of a processor hold; from below to above, memory alone makes a step.
const doubledLength = 20_000

/**
 * How many times the work of one stream a stream of twice the length is. Where the cost is linear that is 2. Several
 * streams are timed as one, as many deltas of either length: the garbage of one is mostly collected in the next, and a
 * stream alone may see none of it.
 */
export const doubling = async (dialect: Dialect, reads: Reads, { rounds }: Options): Promise<number> => {
  const entrantOf = (deltas: number, streams: number) => {
    const wire = makeWire(dialect, deltas)
    const connection = llmLayers.connect(dialect, stub(wire, reads))
    const run = async () => {
      let cpu = 0
      for (let stream = 0; stream < streams; stream++) cpu += (await timeStream(connection, wire, deltas)).cpu
      return cpu / streams
    }
    return { connection, run }
  }
  const single = entrantOf(doubledLength, 4)
  const double = entrantOf(doubledLength * 2, 2)
  const results = await interleave([["single", single.run], ["double", double.run]], rounds)
  await Promise.all([single.connection.close(), double.connection.close()])
  return ratioOf(comparisonOf(results, (cpu) => cpu), "double", "single")
}

const endpointOf = (transport: Transport, wire: Wire, reads: Reads, deltas: number): Endpoint =>
  transport === "stub" ? stub(wire, reads) : transport.endpoint(reads, deltas)

// The untimed stream pays for the garbage that the one before left, and brings back what the processor had dropped. A
// collection that is asked for would do worse: it also throws away compiled code, which a running program keeps.
const timeWarmStream = async (connection: Connection, wire: Wire, deltas: number) => {
  await timeStream(connection, wire, deltas)
  return timeStream(connection, wire, deltas)
}

const measure = async <A>(
  dialect: Dialect,
  endpoint: Endpoint,
  rounds: Rounds,
  run: (connection: Connection) => Promise<A>
): Promise<ReadonlyMap<string, ReadonlyArray<A>>> => {
  const entrants = contenders.map(({ connect, name }) => ({ name, connection: connect(dialect, endpoint) }))
  const results = await interleave(
    entrants.map(({ connection, name }) => [name, () => run(connection)] as const),
    rounds
  )
  await Promise.all(entrants.map(({ connection }) => connection.close()))
  return results
}

const callsPerTurn = 10

// Turns are short, so that a slow moment hits all alike; a call is shorter than the machine's time slice, so the middle
// one was not interrupted even where others were.
const manyCalls = async (
  dialect: Dialect,
  transport: Transport,
  { calls, rounds }: Options,
  time: (connection: Connection, wire: Wire) => Promise<number>
): Promise<Comparison> => {
  const wire = makeWire(dialect, shortAnswer)
  const turns = Math.ceil(calls / callsPerTurn)
  const manyRounds = { warmUps: rounds.warmUps * turns, repetitions: rounds.repetitions * turns }
  const results = await measure(
    dialect,
    endpointOf(transport, wire, "event", shortAnswer),
    manyRounds,
    async (connection) => {
      const elapsed: Array<number> = []
      for (let call = 0; call < callsPerTurn; call++) elapsed.push(await time(connection, wire))
      return elapsed
    }
  )
  const repetitions = [...results].map(([name, list]) =>
    [
      name,
      Array.from({ length: rounds.repetitions }, (_, index) =>
        median(list.slice(index * turns, (index + 1) * turns).flat()))
    ] as const
  )
  return comparisonOf(new Map(repetitions), (milliseconds) => milliseconds * 1000)
}
