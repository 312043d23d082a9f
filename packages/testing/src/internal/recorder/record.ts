/** Records: requests go out, and what comes back is noted as the program reads it. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Cassette from "../../Cassette.ts"
import { encodeBytes } from "../cassette/content.ts"
import * as CassetteFile from "../cassette/file.ts"
import { NetworkForbidden } from "../network.ts"
import { encodeError } from "./error.ts"
import { isKeptResponseHeader } from "./names.ts"
import { encodeHeaders, encodeRequest } from "./request.ts"
import * as Scrub from "./scrub.ts"
import { ofHeaders, ofParts, ofSent, type Sent } from "./secrets.ts"
import { RecorderClosed, type Session, type Settings } from "./session.ts"
import { tap } from "./tap.ts"

/** An exchange under way. Times are milliseconds since it began. */
interface Draft {
  readonly sent: Sent
  response?: {
    readonly at: number
    readonly status: number
    readonly headers: { readonly [name: string]: string }
    readonly cookies: ReadonlyArray<string>
    readonly reads: Array<{ readonly at: number; readonly bytes: Uint8Array }>
  }
  end?: { readonly type: "complete" | "left"; readonly at: number } | {
    readonly type: "broken"
    readonly at: number
    readonly thrown: unknown
  }
}

export const make = (settings: Settings): Session => {
  const drafts: Array<Draft> = []
  const open = new Set<() => void>()
  let closed = false
  let forbidden: NetworkForbidden | undefined

  const exchange: Session["exchange"] = async (sent, send, signal) => {
    if (closed) throw new RecorderClosed()
    // It would not go out.
    signal?.throwIfAborted()
    // Real time, also in a test that stops the clock: the server does not know of it.
    const began = performance.now()
    const now = () => Math.round(performance.now() - began)
    const draft: Draft = { sent }
    drafts.push(draft)
    const fail = (thrown: unknown): void => {
      forbidden ??= forbiddenIn(thrown)
      const left = signal?.aborted === true || (thrown instanceof Error && thrown.name === "AbortError")
      draft.end ??= left ? { type: "left", at: now() } : { type: "broken", at: now(), thrown }
    }
    try {
      const response = await send()
      const reads: Array<{ readonly at: number; readonly bytes: Uint8Array }> = []
      draft.response = {
        at: now(),
        status: response.status,
        headers: Object.fromEntries(response.headers),
        cookies: response.headers.getSetCookie(),
        reads
      }
      return tap(response, {
        read: (bytes) => reads.push({ at: now(), bytes }),
        complete: () => {
          draft.end ??= { type: "complete", at: now() }
        },
        fail,
        leave: () => {
          draft.end ??= { type: "left", at: now() }
        },
        open
      })
    } catch (thrown) {
      fail(thrown)
      throw thrown
    }
  }

  const end: Session["end"] = (exit) =>
    Effect.suspend(() => {
      closed = true
      for (const leave of open) leave()
      const path = CassetteFile.shown(settings.path)
      if (!Exit.isSuccess(exit)) {
        return Effect.logWarning(`${path} was not recorded, because the scope of its Recorder ended with a failure`)
      }
      const refused = (problem: string) => Effect.die(new Cassette.CassetteNotWritten({ path: settings.path, problem }))
      if (forbidden !== undefined) return refused(forbidden.message)
      const scrub = scrubOf(drafts, settings)
      const [first, ...others] = drafts.map((draft) => encode(draft, scrub, settings))
      return first === undefined
        ? refused("no request came through the Recorder. Give its `fetch`, or its HttpClient, to the client")
        : Effect.orDie(Cassette.write(settings.path, { version: Cassette.version, exchanges: [first, ...others] }))
    })

  return { exchange, end }
}

/** That this run may not reach the server is nothing to record. */
const forbiddenIn = (thrown: unknown): NetworkForbidden | undefined => {
  if (thrown instanceof NetworkForbidden) return thrown
  return thrown instanceof Error && thrown.cause !== undefined ? forbiddenIn(thrown.cause) : undefined
}

/** What is secret in one exchange is secret in all: a token comes in one answer and goes out with the next request. */
const scrubOf = (drafts: ReadonlyArray<Draft>, settings: Settings): Scrub.Scrub =>
  Scrub.make([
    ...settings.secrets,
    ...drafts.flatMap(({ response, sent }) => [
      ...ofSent(sent),
      ...ofParts([sent.body]),
      ...ofHeaders(response?.headers ?? {}),
      ...(response?.cookies ?? []).flatMap((cookie) => ofHeaders({ "set-cookie": cookie })),
      ...ofParts(response?.reads.map((read) => read.bytes) ?? [])
    ])
  ])

const encode = (draft: Draft, scrub: Scrub.Scrub, settings: Settings): Cassette.Exchange => {
  const request = encodeRequest(draft.sent, scrub, settings.requestHeaders)
  const end = encodeEnd(draft.end ?? { type: "left", at: draft.response?.reads.at(-1)?.at ?? 0 }, scrub)
  if (draft.response === undefined) return { request, end: end.type === "complete" ? { ...end, type: "left" } : end }
  const { at, headers, reads, status } = draft.response
  const parts = scrub.parts(reads.map((read) => read.bytes))
  return {
    request,
    response: {
      at,
      status,
      headers: encodeHeaders(
        headers,
        scrub,
        (name) => isKeptResponseHeader(name) || settings.responseHeaders.includes(name)
      ),
      reads: reads.map((read, index) => ({ at: read.at, ...encodeBytes(parts[index] ?? read.bytes) }))
    },
    end
  }
}

const encodeEnd = (end: NonNullable<Draft["end"]>, scrub: Scrub.Scrub): Cassette.End =>
  end.type === "broken" ? { type: "broken", at: end.at, error: encodeError(end.thrown, scrub) } : end
