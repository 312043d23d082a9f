/** The parts a caller gets, as plain data. */

/** A part without its metadata, which is the vendor's own. */
export interface Plain {
  readonly type: string
  readonly id?: string
  readonly [member: string]: unknown
}

/** A part as data. Typed as anything, because the kit looks at parts whose tools it knows and at those it does not. */
export const plain = (part: object): Plain => {
  const { metadata: _, "~effect/ai/Response/Part": __, ...rest } = JSON.parse(JSON.stringify(part))
  return rest
}

/** The parts, without metadata. */
export const plainAll = (parts: ReadonlyArray<object>): ReadonlyArray<Plain> => parts.map(plain)

/**
 * All of the parts, metadata included, as one text. Ids are numbered in the order they appear, because those that a
 * provider makes up differ from call to call.
 */
export const fingerprint = (parts: ReadonlyArray<object>): string => {
  const ids = new Map<unknown, string>()
  return JSON.stringify(parts, (key, value: unknown) => {
    if (key !== "id" || typeof value !== "string") return value
    const known = ids.get(value) ?? `#${ids.size}`
    ids.set(value, known)
    return known
  })
}

/** A text in all parts, whole or streamed. */
export const textOf = (parts: ReadonlyArray<Plain>, type: "text" | "reasoning"): string =>
  parts.map((part) => part.type === type ? part["text"] : part.type === `${type}-delta` ? part["delta"] : "").join("")
