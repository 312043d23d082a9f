/** Which headers may be kept, and which names say that a value is a credential. */

/** Headers of a request that help a reader and carry nothing secret. */
const requestHeaders = /^(?:accept|content-type|anthropic-version|anthropic-beta|openai-beta)$/

/** Headers of a response that programs read or that help a reader, and carry nothing secret. */
const responseHeaders = new RegExp(
  "^(?:"
    + [
      "content-type",
      "location",
      "retry-after",
      "retry-after-ms",
      "x-should-retry",
      "(?:[a-z]+-)*request-?id",
      "(?:x-|anthropic-)?ratelimit(?:-.*)?",
      "anthropic-priority-.*",
      "openai-(?:model|processing-ms|version)",
      "x-api-warning"
    ].join("|")
    + ")$"
)

export const isKeptRequestHeader = (name: string): boolean => requestHeaders.test(name)
export const isKeptResponseHeader = (name: string): boolean => responseHeaders.test(name)

/** A header by whose name its value is a credential, or tells whose account it is. */
export const isCredentialHeader = (name: string): boolean =>
  !isKeptRequestHeader(name) && !isKeptResponseHeader(name)
  && /auth|key|token|secret|passw|credential|cookie|session|signature|organi[sz]ation|project|account|tenant|user-?id/
    .test(name)

const plain = (name: string): string => name.toLowerCase().replace(/[-_.\s]/g, "")

/**
 * A member of JSON by whose name its text is a credential. `token` alone is none: log probabilities have it.
 */
export const isCredentialMember = (name: string): boolean =>
  /(?:(?:api|access|secret|private|client|signing|subscription|account|master|service|auth)key|(?:access|refresh|id|session|bearer|auth|authorization|security|oauth|api|client|csrf|bot|personal)token|secret|secretvalue|assertion|passw(?:or)?d|passphrase|authorization|cookies?|credentials?|clientid)$/
    .test(plain(name))

/** A parameter of a query or a form by whose name its value is a credential. */
export const isCredentialParameter = (name: string): boolean =>
  isCredentialMember(name) || /(?:^|amz|goog)(?:key|token|sig|signature|code|credential|secret)$/.test(plain(name))
