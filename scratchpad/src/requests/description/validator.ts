/** Validates the bodies of an operation against its description. */
import addFormats from "ajv-formats"
import { Ajv2020 } from "ajv/dist/2020.js"
import type { Node } from "./document.ts"
import { bodyPointer } from "./document.ts"
import { explain, type Problem } from "./explain.ts"
import { restate, wholeOf } from "./restate.ts"

export interface Validator {
  readonly problems: (body: unknown) => ReadonlyArray<Problem>
  /** Whether there is no problem, which is quicker to say. */
  readonly accepts: (body: unknown) => boolean
}

const id = "description.json"

/** What a description says of the JSON bodies of `POST path`, as JSON Schema. */
export const schemaOf = (document: Node, path: string): Node | undefined => {
  const pointer = bodyPointer(document, path)
  return pointer === undefined ? undefined : restate(document, [pointer], id)
}

/** The validator of the JSON bodies of `POST path`, or `undefined` where the description has no such operation. */
export const validatorOf = (document: Node, path: string): Validator | undefined => {
  const pointer = bodyPointer(document, path)
  if (pointer === undefined) return undefined
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    // Descriptions have keywords and formats of their own, which say nothing to a validator.
    strict: false,
    logger: false,
    // Code is made for many schemas and run on few bodies: to make it shorter costs more than it saves.
    code: { optimize: false }
  })
  // A CommonJS module, whose default export is typed as if it were none.
  addFormats.default(ajv)
  ajv.addSchema(restate(document, [pointer], id))
  const validate = ajv.compile(wholeOf(id, pointer))
  const branches = new Map<unknown, ReturnType<typeof ajv.compile>>()
  const compile = (branch: unknown) => {
    const known = branches.get(branch)
    if (known !== undefined) return known
    // As a value by itself: its members are to be declared by the branch.
    const made = ajv.compile({ allOf: [branch], unevaluatedProperties: false })
    branches.set(branch, made)
    return made
  }
  return {
    problems: (body) => validate(body) ? [] : explain(validate.errors ?? [], compile),
    accepts: (body) => validate(body)
  }
}
