/** What keeps a client's options from being sent: found before the network, and told without the values. */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"

/** The option, and what is wrong with it. */
export interface Problem {
  readonly parameter: string
  readonly description: string
}

/** What a header cannot hold (RFC 9110, section 5.5): `fetch` would fail as if the network had, and quote the value. */
const notInHeader = /[^\t\x20-\x7e\x80-\xff]/

/** A header's name (RFC 9110, section 5.1). */
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** Whether a header can hold the text. White space around it is no part of a value. */
export const isHeaderValue = (text: string): boolean => !notInHeader.test(text.trim())

/** Of an address that requests are sent below. */
export const ofBaseUrl = (text: string): string | undefined => {
  const url = parse(text)
  if (url === undefined || !/^https?:$/.test(url.protocol)) return "The base URL is no http or https URL"
  if (url.username !== "" || url.password !== "") {
    return "The base URL has a user name or a password, which `fetch` refuses; use `headers`"
  }
  return /[?#]/.test(text)
    ? "The base URL has a query or a fragment, which no path can follow; use `headers`, or a `fetch` that adds it"
    : undefined
}

/** The address without what may be secret in it. */
export const shownBaseUrl = (text: string): string => {
  if (ofBaseUrl(text) === undefined) return text
  const url = parse(text)
  return url === undefined || url.origin === "null" ? "[no URL]" : `${url.origin}${url.pathname}`
}

const parse = (text: string): URL | undefined => URL.canParse(text) ? new URL(text) : undefined

/** Of headers by name. */
export const ofHeaders = (
  headers: { readonly [name: string]: string | Redacted.Redacted }
): Problem | undefined => {
  for (const [name, value] of Object.entries(headers)) {
    // A name that is none may be a value at the wrong place.
    if (!headerName.test(name)) return { parameter: "headers", description: "A header's name is no name for a header" }
    if (!isHeaderValue(Redacted.isRedacted(value) ? Redacted.value(value) : value)) {
      return {
        parameter: `headers.${name}`,
        description: `The header ${name} has characters that no header can hold, such as a line break in the middle`
      }
    }
  }
  return undefined
}

/** The first of a client's options that cannot be used. */
export const problemOf = (options: {
  readonly baseUrl: string
  readonly headers: { readonly [name: string]: string }
  readonly timeout: Duration.Duration | undefined
}): Problem | undefined => {
  const description = ofBaseUrl(options.baseUrl)
  if (description !== undefined) return { parameter: "baseUrl", description }
  if (options.timeout === undefined || !Duration.isPositive(options.timeout)) {
    return { parameter: "timeout", description: "The timeout is no duration above zero" }
  }
  return ofHeaders(options.headers)
}
