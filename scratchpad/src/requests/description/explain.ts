/** Errors of a validator as sentences. Of a union that nothing fits, what is wrong with the branch that was meant. */
import type { ErrorObject, ValidateFunction } from "ajv"

export interface Problem {
  /** Where in the body: `/messages/0/content`. */
  readonly path: string
  readonly message: string
}

/** Compiles a branch of a union by itself. */
export type Compile = (branch: unknown) => ValidateFunction

/** What is wrong, and how far the value is from what was wanted. */
interface Verdict {
  readonly problems: ReadonlyArray<Problem>
  readonly distance: number
}

export const explain = (errors: ReadonlyArray<ErrorObject>, compile: Compile): ReadonlyArray<Problem> =>
  verdictOf(errors, compile, "").problems

const verdictOf = (errors: ReadonlyArray<ErrorObject>, compile: Compile, base: string): Verdict => {
  const unions = outermost(errors.filter((error) => error.keyword === "anyOf"))
  // What is under a union is said by its branches.
  const plain = errors.filter((error) => !unions.some((union) => isUnder(error, union)))
  // An object with a wrong member counts all of its members as undeclared.
  const wrong = plain.filter((error) => error.keyword !== "unevaluatedProperties")
  const undeclared = plain.filter((error) =>
    error.keyword === "unevaluatedProperties" && ![...wrong, ...unions].some((other) => isUnder(other, error))
  )
  const own = [...wrong, ...undeclared]
  const branches = unions.map((union) => nearest(union, compile, base + union.instancePath))
  const problems = [
    ...own.map((error) => ({ path: base + error.instancePath, message: messageOf(error) })),
    ...branches.flatMap((branch) => branch.problems)
  ]
  return {
    problems: problems.filter((one, index) =>
      problems.findIndex(({ message, path }) => path === one.path && message === one.message) === index
    ),
    distance: [...own.map(distanceOf), ...branches.map((branch) => branch.distance)].reduce((all, one) => all + one, 0)
  }
}

const isUnder = (error: ErrorObject, other: ErrorObject): boolean =>
  error.instancePath === other.instancePath || error.instancePath.startsWith(`${other.instancePath}/`)

/** Of nested unions the outer comes later: its branches are looked at before it is decided. */
const outermost = (unions: ReadonlyArray<ErrorObject>): ReadonlyArray<ErrorObject> =>
  unions.filter((union, index) =>
    !unions.some((other, at) =>
      other !== union && isUnder(union, other) && (other.instancePath !== union.instancePath || at > index)
    )
  )

const nearest = (union: ErrorObject, compile: Compile, path: string): Verdict => {
  const branches: ReadonlyArray<unknown> = Array.isArray(union.schema) ? union.schema : []
  const verdicts = branches.map((branch) => {
    const validate = compile(branch)
    validate(union.data)
    return verdictOf(validate.errors ?? [], compile, path)
  })
  const [best] = verdicts.toSorted((left, right) => left.distance - right.distance)
  if (best !== undefined && best.distance < otherType) return best
  return {
    problems: [{ path, message: `is ${shown(union.data)}, which is of no type that may be here` }],
    distance: otherType
  }
}

const otherType = 1_000_000
const otherTag = 1000

/** Members by which the branches of a union are told apart. */
const tags = new Set(["type", "role", "object", "kind"])

/** A value of another type is farthest from a branch, then one whose tag is another, then one without the tag. */
const distanceOf = ({ instancePath, keyword, params }: ErrorObject): number => {
  if (keyword === "type" && instancePath === "") return otherType
  const isTag = instancePath === "" || tags.has(instancePath.slice(1))
  if (isTag && (keyword === "enum" || keyword === "const")) return otherTag
  return keyword === "required" && instancePath === "" && tags.has(String(params["missingProperty"])) ? otherTag / 2 : 1
}

const messageOf = ({ data, keyword, message = "is wrong", params }: ErrorObject): string => {
  switch (keyword) {
    case "unevaluatedProperties":
      return `has the member ${JSON.stringify(params["unevaluatedProperty"])}, which nothing declares`
    case "additionalProperties":
      return `has the member ${JSON.stringify(params["additionalProperty"])}, which is not allowed`
    case "required":
      return `lacks the member ${JSON.stringify(params["missingProperty"])}`
    case "enum":
      return `is ${shown(data)}, which is none of ${shown(params["allowedValues"])}`
    case "const":
      return `is ${shown(data)} and must be ${shown(params["allowedValue"])}`
    default:
      return `${message} (is ${shown(data)})`
  }
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "undefined"
  return text.length > 160 ? `${text.slice(0, 160)}…` : text
}
