/** A request as a cassette keeps it, and as two of them are compared. */
import type * as Schema from "effect/Schema"
import type * as Cassette from "../../Cassette.ts"
import { encodeBody, textIn } from "../cassette/content.ts"
import { isCredentialHeader, isCredentialParameter, isKeptRequestHeader } from "./names.ts"
import { placeholder, type Scrub } from "./scrub.ts"
import type { Sent } from "./secrets.ts"

/** Without credentials. `headers` are kept beside those that always are. */
export const encodeRequest = (given: Sent, scrub: Scrub, headers: ReadonlyArray<string>): Cassette.Request => {
  const sent = withFixedBoundary(given)
  const query = encodeQuery(sent.url.searchParams, scrub)
  const body = encodeBody(scrub.parts([sent.body])[0] ?? sent.body)
  return {
    method: sent.method,
    path: scrub.text(sent.url.pathname),
    ...(query === undefined ? undefined : { query }),
    headers: encodeHeaders(sent.headers, scrub, (name) => isKeptRequestHeader(name) || headers.includes(name)),
    ...(body === undefined ? undefined : { body })
  }
}

/** Those to be kept, by name. A credential that is asked for shows that it was there. */
export const encodeHeaders = (
  headers: { readonly [name: string]: string },
  scrub: Scrub,
  isKept: (name: string) => boolean
): { readonly [name: string]: string } =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => isKept(name)).toSorted(([a], [b]) => a < b ? -1 : 1)
      .map(([name, value]) => [name, isCredentialHeader(name) ? placeholder : scrub.text(value)])
  )

const encodeQuery = (params: URLSearchParams, scrub: Scrub): Cassette.Request["query"] => {
  const names = [...new Set(params.keys())].toSorted()
  if (names.length === 0) return undefined
  return Object.fromEntries(names.map((name) => {
    const values = params.getAll(name).map((value) => isCredentialParameter(name) ? placeholder : scrub.text(value))
    const [first = ""] = values
    return [scrub.text(name), values.length === 1 ? first : values]
  }))
}

/** What separates the fields of a form is made up for each request. */
const withFixedBoundary = (sent: Sent): Sent => {
  const type = sent.headers["content-type"] ?? ""
  const boundary = /^multipart\/.*boundary="?([^";]+)/i.exec(type)?.[1]
  if (boundary === undefined) return sent
  const fixed = (text: string) => text.replaceAll(boundary, "boundary")
  return {
    ...sent,
    headers: { ...sent.headers, "content-type": fixed(type) },
    body: Buffer.from(fixed(Buffer.from(sent.body).toString("latin1")), "latin1")
  }
}

/** What two requests are compared by. */
export const comparable = (request: Cassette.Request, headers: ReadonlyArray<string>): Schema.Json => {
  const compared = headers.flatMap((name) => {
    const value = request.headers[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const body = bodyOf(request.body)
  return {
    method: request.method,
    path: request.path,
    query: request.query ?? {},
    headers: Object.fromEntries(compared),
    ...(body === undefined ? undefined : { body })
  }
}

const bodyOf = (body: Cassette.Content | undefined): Schema.Json | undefined => {
  if (body === undefined) return undefined
  if ("json" in body) return body.json
  return "text" in body ? textIn(body.text) : body.base64
}
