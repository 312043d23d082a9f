/**
 * `npm run bench:policies [-- --quick] [-- --strict]`: what each policy adds to a call and to the parts of a stream while it
 * has nothing to do, and what a long queue takes of memory. `--strict` exits 1 when a target is missed.
 */
import { ManagedRuntime } from "effect"
import { availableParallelism, loadavg } from "node:os"
import { parseOptions } from "../options.ts"
import { table } from "../report/table.ts"
import { type Added, measure } from "./added.ts"
import { members, services } from "./members.ts"
import { waiting } from "./waiting.ts"

/** Microseconds. Of parts, nothing is what cannot be told from it here. */
const atMost: Added = { call: 10, stream: 10, part: 0.05, lonePart: 0.05 }
const quantities = ["call", "stream", "part", "lonePart"] as const

const queued = 10_000
const megabytes = 100

const options = parseOptions(process.argv.slice(2))
const load = () => `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors`
console.log(
  `Node ${process.version}; lowest of ${options.rounds.repetitions} repetitions, in turns; time the thread computed, `
    + `less that of the same without the policy (${load()}).`
)

// First, while the process is small.
const queues = [await waiting("generateText", queued), await waiting("streamText", queued)] as const

const runtime = ManagedRuntime.make(services)
const added = await measure(runtime, members, { calls: options.calls * 40, rounds: options.rounds })
await runtime.dispose()

let met = 0
let missed = 0
const judge = (isMet: boolean): boolean => {
  if (isMet) met++
  else missed++
  return isMet
}

const rows = members.flatMap(({ base, busy, name }) => {
  const one = added.get(name)
  if (one === undefined || name === base) return []
  const over = busy === true ? [] : quantities.filter((quantity) => !judge(one[quantity] <= atMost[quantity]))
  const said = busy === true ? "not judged" : over.length === 0 ? "met" : `missed: ${over.join(", ")}`
  return [[name, ...quantities.map((quantity) => one[quantity].toFixed(quantity.endsWith("art") ? 3 : 1)), said]]
})

console.log(
  `\nus added: to a plain call, to a stream's beginning and end, to a part where a read has 64, to a part alone in its read`
    + `\n${table([["", ...quantities, ""], ["at most", ...quantities.map((name) => `${atMost[name]}`), ""], ...rows])}`
)

const mb = (bytes: number) => bytes / 1_000_000
console.log(
  `\nMB of ${queued} calls that wait for RateLimit\n${
    table([
      ["", "held", "process grown by", "at most", ""],
      ...(["plain", "streamed"] as const).map((way, index) => {
        const { grown, held } = queues[index as 0 | 1]
        const isMet = judge(Math.max(mb(held), mb(grown)) <= megabytes)
        return [way, mb(held).toFixed(1), mb(grown).toFixed(1), `${megabytes}`, isMet ? "met" : "missed"]
      })
    ])
  }`
)
console.log(`\n${met} met, ${missed} missed; ${load()}`)
if (options.strict && missed > 0) process.exitCode = 1
