/** Whether what a vendor is said to accept beyond its description is needed. */
import { isDeepStrictEqual } from "node:util"
import type { Accepted } from "./accepted.ts"
import { amend } from "./description/amend.ts"
import type { Node } from "./description/document.ts"
import { schemaOf, type Validator, validatorOf } from "./description/validator.ts"

/** A body that was sent. */
export interface Body {
  readonly operation: string
  readonly body: unknown
}

/** A validator of each operation, made once. */
export const validators = (document: Node): (operation: string) => Validator | undefined => {
  const known = new Map<string, Validator | undefined>()
  return (operation) => {
    if (!known.has(operation)) known.set(operation, validatorOf(document, operation))
    return known.get(operation)
  }
}

/** The entries without which every body is as valid as with them. */
export const unneeded = (
  document: Node,
  accepted: ReadonlyArray<Accepted>,
  bodies: ReadonlyArray<Body>
): ReadonlyArray<Accepted> => {
  const amended = amend(document, accepted)
  const operations = [...new Set(bodies.map((body) => body.operation))]
  const schemas = new Map(operations.map((operation) => [operation, schemaOf(amended, operation)]))
  const all = validators(amended)
  return accepted.filter((entry) => {
    const rest = amend(document, accepted.filter((other) => other !== entry))
    // To compile a schema takes long, to compare two does not.
    const touched = operations.filter((one) => !isDeepStrictEqual(schemaOf(rest, one), schemas.get(one)))
    const without = validators(rest)
    return !bodies.some(({ body, operation }) =>
      touched.includes(operation) && without(operation)?.accepts(body) === false &&
      all(operation)?.accepts(body) === true
    )
  })
}
