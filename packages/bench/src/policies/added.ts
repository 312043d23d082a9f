/** What a policy adds that has nothing to do. */
import { Effect, type ManagedRuntime } from "effect"
import { interleave, type Rounds } from "../measure/interleave.ts"
import { stopwatch } from "../measure/stopwatch.ts"
import { driverOf, partsOf, type Reads, readsOf } from "./answers.ts"
import type { Member, Services, Subject } from "./members.ts"

/** Microseconds of computing, on top of what the same takes without the policy. */
export interface Added {
  /** To a plain call. */
  readonly call: number
  /** To the beginning and the end of a stream. */
  readonly stream: number
  /** To a part of a stream, of which a read brings many. */
  readonly part: number
  /** To a part that comes alone, as where a vendor sends an event at a time. */
  readonly lonePart: number
}

/** How much is measured. */
export interface Amount {
  /** Calls in a repetition. */
  readonly calls: number
  readonly rounds: Rounds
}

const deltas = 2044
/** About what 16 KiB of events have. */
const partsInRead = 64

/** All members, in turns. */
export const measure = async (
  runtime: ManagedRuntime.ManagedRuntime<Services, never>,
  members: ReadonlyArray<Member>,
  { calls, rounds }: Amount
): Promise<ReadonlyMap<string, Added>> => {
  /** What members take more than what they are compared with, by name. The lowest of the repetitions, as noise only adds. */
  const more = async (of: (subject: Subject) => Subject["call"], reads: Reads, times: number) => {
    const entrants = await Promise.all(members.map(async ({ name, subject }) => {
      const effect = of(await runtime.runPromise(subject(driverOf(reads))))
      return [name, () => microseconds(runtime, effect, times)] as const
    }))
    const results = await interleave(entrants, rounds)
    const lowest = (name: string) => Math.min(...results.get(name) ?? [])
    return ({ base, name }: Member) => lowest(name) - lowest(base)
  }
  const short = readsOf(0, partsInRead)
  const many = readsOf(deltas, partsInRead)
  const one = readsOf(deltas, 1)
  const stream = (subject: Subject) => subject.stream
  const call = await more((subject) => subject.call, short, calls)
  const begun = await more(stream, short, Math.ceil(calls / 2))
  const inMany = await more(stream, many, Math.ceil(calls / 40))
  const inOne = await more(stream, one, Math.ceil(calls / 100))
  return new Map(members.map((member) => [member.name, {
    call: call(member),
    stream: begun(member),
    part: (inMany(member) - begun(member)) / partsOf(many),
    lonePart: (inOne(member) - begun(member)) / partsOf(one)
  }]))
}

/** What one of so many takes, one after the other in one fiber. */
const microseconds = async (
  runtime: ManagedRuntime.ManagedRuntime<Services, never>,
  effect: Subject["call"],
  times: number
): Promise<number> => {
  let done = 0
  const all = Effect.whileLoop({ while: () => done < times, body: () => effect, step: () => done++ })
  const read = stopwatch()
  await runtime.runPromise(all)
  return read().cpu * 1000 / times
}
