/** Replays: a request is answered with what was recorded for one like it, and never goes out. */
import type * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Cassette from "../../Cassette.ts"
import * as CassetteFile from "../cassette/file.ts"
import { answer, waiting } from "./answer.ts"
import { between, type Difference, isBelow } from "./difference.ts"
import * as Report from "./report.ts"
import { comparable, encodeRequest } from "./request.ts"
import * as Scrub from "./scrub.ts"
import { ofParts, ofSent, type Sent } from "./secrets.ts"
import { RecorderClosed, type Session, type Settings } from "./session.ts"

/** A request that no recorded exchange answers. The message shows how it differs from the nearest one. */
export class UnexpectedRequest extends Data.TaggedError("UnexpectedRequest")<{
  /** Method and path. */
  readonly request: string
  readonly message: string
}> {}

/** A replay was not what was recorded: requests came that were not recorded, or recorded ones did not come. */
export class ReplayMismatch extends Data.TaggedError("ReplayMismatch")<{
  readonly path: string
  readonly unexpected: ReadonlyArray<UnexpectedRequest>
  /** Method and path of each exchange that was left over, with its position from 1. */
  readonly unused: ReadonlyArray<string>
}> {
  override get message(): string {
    const unused = this.unused.length === 0 ? [] : [
      `${CassetteFile.shown(this.path)} has exchanges that were not asked for:\n`
      + this.unused.map((one) => `  ${one}`).join("\n")
    ]
    return [...this.unexpected.map(({ message }) => message), ...unused, advice].join("\n\n")
  }
}

const advice = "Where the program is right, run the test with RECORD=1 to make the recording anew"

/** An exchange, and whether it was replayed. */
interface Entry {
  readonly number: number
  readonly exchange: Cassette.Exchange
  readonly request: ReturnType<typeof comparable>
  used: boolean
}

export const make = (cassette: Cassette.Cassette, settings: Settings, context: Context.Context<never>): Session => {
  const file = CassetteFile.shown(settings.path)
  const entries = cassette.exchanges.map((exchange, index): Entry => ({
    number: index + 1,
    exchange,
    request: comparable(exchange.request, settings.requestHeaders),
    used: false
  }))
  const unexpected: Array<UnexpectedRequest> = []
  const under = new Set<AbortController>()
  let closed = false

  const refuse = (request: string, message: string): UnexpectedRequest => {
    const error = new UnexpectedRequest({ request, message })
    unexpected.push(error)
    return error
  }

  const differences = (entry: Entry, sent: Entry["request"]): ReadonlyArray<Difference> =>
    between(entry.request, sent).filter(({ path }) => !isBelow(path, settings.ignore))

  const find = (sent: Sent): Entry => {
    const request = encodeRequest(sent, scrubOf(sent, settings), settings.requestHeaders)
    const asked = comparable(request, settings.requestHeaders)
    const found = entries.map((entry) => ({ entry, differences: differences(entry, asked) }))
    const same = found.find(({ differences, entry }) => !entry.used && differences.length === 0)
    if (same !== undefined) {
      same.entry.used = true
      return same.entry
    }
    const name = nameOf(request)
    const used = found.filter(({ differences }) => differences.length === 0)
    if (used.length > 0) {
      const times = used.length === 1 ? "once" : `${used.length} times`
      throw refuse(name, `${name} was recorded ${times} in ${file} and came once more`)
    }
    const left = found.filter(({ entry }) => !entry.used)
    if (left.length === 0) {
      throw refuse(name, `${name} came after all ${found.length} exchanges of ${file} had been replayed`)
    }
    const nearest = left.reduce((a, b) => weight(b.differences) < weight(a.differences) ? b : a)
    throw refuse(
      name,
      `${name} is not in ${file}. From exchange ${nearest.entry.number} of ${found.length} it differs in `
        + `(- recorded, + sent):\n${Report.differences(nearest.differences)}`
    )
  }

  const exchange: Session["exchange"] = async (sent, _send, signal) => {
    if (closed) throw new RecorderClosed()
    signal?.throwIfAborted()
    const { exchange, number } = find(sent)
    const stop = new AbortController()
    under.add(stop)
    stop.signal.addEventListener("abort", () => under.delete(stop), { once: true })
    signal?.addEventListener("abort", () => stop.abort(signal.reason), { once: true, signal: stop.signal })
    return answer(exchange, {
      url: sent.url.href,
      until: settings.timing === "none" ? () => stop.signal.throwIfAborted() : waiting(context, stop.signal),
      stop,
      readOn: () => {
        const name = nameOf(exchange.request)
        return refuse(
          name,
          `${name} is exchange ${number} of ${file}, whose answer ends where the program stopped reading it. `
            + "This time it reads on, and what would come is not known"
        )
      }
    })
  }

  const end: Session["end"] = (exit) =>
    Effect.suspend(() => {
      closed = true
      for (const stop of under) stop.abort(new RecorderClosed())
      // What a failed program did not get to is no news.
      const unused = Exit.isSuccess(exit) ? entries.filter(({ used }) => !used) : []
      if (unexpected.length + unused.length === 0) return Effect.void
      return Effect.die(
        new ReplayMismatch({
          path: settings.path,
          unexpected,
          unused: unused.map(({ exchange: { request }, number }) => `${number}. ${nameOf(request)}`)
        })
      )
    })

  return { exchange, end }
}

/** A message must not show what is secret, and what stands in its place fits whatever was recorded. */
const scrubOf = (sent: Sent, settings: Settings): Scrub.Scrub =>
  Scrub.make([...settings.secrets, ...ofSent(sent), ...ofParts([sent.body])])

const nameOf = ({ method, path }: Cassette.Request): string => `${method} ${path}`

/** A request to another place is further away than one with another body. */
const weight = (differences: ReadonlyArray<Difference>): number =>
  differences.reduce((sum, { path }) => sum + (path[0] === "path" || path[0] === "method" ? 1000 : 1), 0)
