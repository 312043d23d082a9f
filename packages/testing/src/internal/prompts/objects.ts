/** Structured output with schemas of every form. */
import * as Schema from "effect/Schema"
import { type Given, make, type ObjectSchema, type PromptCase } from "./PromptCase.ts"
import { Weather } from "./tools.ts"

interface Folder {
  readonly name: string
  readonly folders: ReadonlyArray<Folder>
}

const Folder: Schema.Codec<Folder> = Schema.Struct({
  name: Schema.String,
  folders: Schema.Array(Schema.suspend(() => Folder))
}).annotate({ identifier: "Folder" })

const asked = <A, I>(
  name: string,
  schema: Schema.Codec<A, I>,
  value: A,
  more: Partial<Given> & { readonly objectName?: string } = {}
): PromptCase => {
  const { objectName = "answer", ...rest } = more
  return make({
    name: `an object with ${name}`,
    needs: ["structuredOutput"],
    prompt: `Give me ${name}.`,
    // A value of the one side is only ever given back to the same schema.
    object: { name: objectName, schema: schema as unknown as ObjectSchema, value },
    ...rest
  })
}

const Person = Schema.Struct({ name: Schema.String, age: Schema.Int })

export const objects: ReadonlyArray<PromptCase> = [
  asked("scalars", Person, { name: "Ada", age: 36 }),
  asked(
    "nested objects and lists",
    Schema.Struct({ team: Schema.Struct({ lead: Person, members: Schema.Array(Person) }) }),
    { team: { lead: { name: "Ada", age: 36 }, members: [] } }
  ),
  asked(
    "optional members",
    Schema.Struct({ name: Schema.String, nick: Schema.optionalKey(Schema.String), age: Schema.optional(Schema.Int) }),
    { name: "Ada" }
  ),
  asked("members that may be null", Schema.Struct({ nick: Schema.NullOr(Schema.String) }), { nick: null }),
  asked(
    "literals and unions",
    Schema.Struct({
      size: Schema.Literals(["small", "large"]),
      pet: Schema.Union([
        Schema.Struct({ kind: Schema.Literal("cat"), lives: Schema.Int }),
        Schema.Struct({ kind: Schema.Literal("dog"), tricks: Schema.Array(Schema.String) })
      ])
    }),
    { size: "small", pet: { kind: "cat", lives: 9 } }
  ),
  asked("a record", Schema.Struct({ scores: Schema.Record(Schema.String, Schema.Finite) }), { scores: { Ada: 1.5 } }),
  asked("a tuple", Schema.Struct({ place: Schema.Tuple([Schema.Finite, Schema.String]) }), { place: [38.7, "N"] }),
  asked("a member that contains itself", Schema.Struct({ root: Folder }), {
    root: { name: "/", folders: [{ name: "home", folders: [] }] }
  }),
  asked("dates and transformations", Schema.Struct({ born: Schema.Date, height: Schema.FiniteFromString }), {
    born: new Date("1815-12-10T00:00:00.000Z"),
    height: 1.65
  }),
  asked(
    "descriptions and bounds",
    Schema.Struct({
      name: Schema.String.annotate({ description: "The whole name." }).check(Schema.isMinLength(1)),
      age: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 150 })),
      tags: Schema.Array(Schema.String).check(Schema.isMinLength(1), Schema.isMaxLength(3)),
      mail: Schema.String.check(Schema.isPattern(/^[^@]+@[^@]+$/))
    }).annotate({ description: "A person." }),
    { name: "Ada", age: 36, tags: ["maths"], mail: "ada@example.com" }
  ),
  asked("a name of its own", Person, { name: "Ada", age: 36 }, { objectName: "The person, née Byron (v2.1)" }),
  asked("a longer name than vendors take", Person, { name: "Ada", age: 36 }, { objectName: "person_".repeat(20) }),
  asked("a list at the root", Schema.Array(Schema.String), ["red", "green"]),
  asked(
    "a union at the root",
    Schema.Union([
      Schema.Struct({ kind: Schema.Literal("yes") }),
      Schema.Struct({ kind: Schema.Literal("no"), why: Schema.String })
    ]),
    { kind: "no", why: "It rains." }
  ),
  asked("tools beside it", Person, { name: "Ada", age: 36 }, {
    needs: ["structuredOutput", "tools"],
    tools: [Weather]
  }),
  asked("a conversation before it", Person, { name: "Ada", age: 36 }, {
    prompt: [
      { role: "system", content: "You know people." },
      { role: "user", content: "Who wrote the first program?" },
      { role: "assistant", content: "Ada Lovelace." },
      { role: "user", content: "As an object, please." }
    ]
  })
]
