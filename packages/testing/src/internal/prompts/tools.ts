/** Tools with every form of parameters, and every choice among them. */
import * as Tool from "effect/ai/Tool"
import * as Schema from "effect/Schema"
import { type Given, make, type PromptCase } from "./PromptCase.ts"

interface Section {
  readonly title: string
  readonly sections: ReadonlyArray<Section>
}

const Section: Schema.Codec<Section> = Schema.Struct({
  title: Schema.String,
  sections: Schema.Array(Schema.suspend(() => Section))
}).annotate({ identifier: "Section" })

export const Weather = Tool.make("get_weather", {
  description: "Gives the weather of a place.",
  parameters: Schema.Struct({ city: Schema.String }),
  success: Schema.String
})

export const Ticket = Tool.make("book_ticket", {
  description: "Books a ticket.",
  parameters: Schema.Struct({ from: Schema.String, to: Schema.String, adults: Schema.Int }),
  success: Schema.Struct({ number: Schema.String })
})

export const Map = Tool.make("show_map", {
  description: "Shows a map.",
  parameters: Schema.Struct({ place: Schema.String }),
  success: Schema.String
})

/** One tool, asked for in a word. */
const one = (name: string, tool: Tool.Any, more: Partial<Given> = {}): PromptCase =>
  make({ name, needs: ["tools"], prompt: `Use ${tool.name}.`, tools: [tool], ...more })

const withParameters = (name: string, parameters: Schema.Top, toolName = "a_tool"): PromptCase =>
  one(name, Tool.make(toolName, { description: `Takes ${name}.`, parameters, success: Schema.String }))

export const definitions: ReadonlyArray<PromptCase> = [
  one("a tool without parameters", Tool.make("tell_time", { description: "Tells the time.", success: Schema.String })),
  one("a tool without a description", Tool.make("tell_time", { success: Schema.String })),
  one("a tool", Weather),
  one("a tool with the longest name", Tool.make(`t${"_".repeat(61)}-9`, { success: Schema.String })),
  withParameters(
    "scalars",
    Schema.Struct({
      text: Schema.String,
      number: Schema.Finite,
      whole: Schema.Int,
      flag: Schema.Boolean,
      nothing: Schema.Null
    })
  ),
  withParameters(
    "nested objects",
    Schema.Struct({ trip: Schema.Struct({ from: Schema.Struct({ city: Schema.String }), days: Schema.Int }) })
  ),
  withParameters(
    "optional members",
    Schema.Struct({ city: Schema.String, unit: Schema.optionalKey(Schema.String), days: Schema.optional(Schema.Int) })
  ),
  withParameters("members that may be null", Schema.Struct({ unit: Schema.NullOr(Schema.String) })),
  withParameters(
    "records",
    Schema.Struct({ prices: Schema.Record(Schema.String, Schema.Finite), city: Schema.String })
  ),
  withParameters(
    "arrays",
    Schema.Struct({
      cities: Schema.Array(Schema.String),
      stops: Schema.NonEmptyArray(Schema.Struct({ place: Schema.String }))
    })
  ),
  withParameters("tuples", Schema.Struct({ place: Schema.Tuple([Schema.Finite, Schema.Finite]) })),
  withParameters(
    "unions",
    Schema.Struct({
      when: Schema.Union([Schema.String, Schema.Int]),
      what: Schema.Union([
        Schema.Struct({ kind: Schema.Literal("train"), number: Schema.Int }),
        Schema.Struct({ kind: Schema.Literal("bus"), line: Schema.String })
      ])
    })
  ),
  withParameters(
    "enumerations",
    Schema.Struct({ unit: Schema.Literals(["celsius", "fahrenheit"]), days: Schema.Literals([1, 3, 7]) })
  ),
  withParameters("parameters that contain themselves", Section),
  withParameters("a member that contains itself", Schema.Struct({ outline: Section, depth: Schema.Int })),
  withParameters("dates and transformations", Schema.Struct({ day: Schema.Date, amount: Schema.FiniteFromString })),
  withParameters(
    "descriptions and bounds",
    Schema.Struct({
      city: Schema.String.annotate({ title: "City", description: "Where. \"Lisboa\" is not enough." }).check(
        Schema.isMinLength(1),
        Schema.isMaxLength(80)
      ),
      days: Schema.Int.annotate({ description: "How many." }).check(Schema.isBetween({ minimum: 1, maximum: 14 })),
      code: Schema.String.check(Schema.isPattern(/^[A-Z]{3}$/)),
      tags: Schema.Array(Schema.String).check(Schema.isMaxLength(5))
    })
  ),
  withParameters("a member of any type", Schema.Struct({ anything: Schema.Unknown })),
  one(
    "a dynamic tool with a schema",
    Tool.dynamic("look_up", { description: "Looks something up.", parameters: Schema.Struct({ key: Schema.String }) })
  ),
  one(
    "a dynamic tool with JSON Schema",
    Tool.dynamic("look_up", {
      description: "Looks something up.",
      parameters: {
        type: "object",
        properties: {
          query: { type: "string", minLength: 2, examples: ["Tagus"] },
          limit: { type: "integer", default: 10, minimum: 1 },
          filters: { type: "object", additionalProperties: { type: ["string", "null"] } }
        },
        required: ["query"]
      }
    })
  ),
  one(
    "a dynamic tool with JSON Schema that leaves much out",
    Tool.dynamic("look_up", {
      parameters: { properties: { words: { type: "array" }, options: { type: "object" } } }
    })
  ),
  one("a dynamic tool with an empty JSON Schema", Tool.dynamic("look_up", { parameters: { type: "object" } })),
  one("a strict tool", Weather.annotate(Tool.Strict, true), { needs: ["tools", "strictTools"] }),
  one("a tool that is not strict", Weather.annotate(Tool.Strict, false)),
  one("strict tools by a setting", Weather, { needs: ["tools", "strictTools"], settings: { strictTools: true } }),
  one("no strict tools by a setting", Weather, { settings: { strictTools: false } }),
  one(
    "a tool that needs approval",
    Tool.make("pay", {
      description: "Pays.",
      parameters: Schema.Struct({ euros: Schema.Finite }),
      success: Schema.String,
      needsApproval: true
    })
  ),
  make({ name: "several tools", needs: ["tools"], prompt: "Plan a trip.", tools: [Weather, Ticket, Map] })
]

const three = { prompt: "Plan a trip.", tools: [Weather, Ticket, Map] }

export const choices: ReadonlyArray<PromptCase> = [
  make({ name: "tool choice auto", needs: ["tools"], ...three, toolChoice: "auto" }),
  make({ name: "tool choice none", needs: ["tools"], ...three, toolChoice: "none" }),
  make({ name: "tool choice required", needs: ["tools", "forcedToolChoice"], ...three, toolChoice: "required" }),
  make({
    name: "tool choice of one tool",
    needs: ["tools", "forcedToolChoice"],
    ...three,
    toolChoice: { tool: Ticket.name }
  }),
  make({ name: "tool choice among some", needs: ["tools"], ...three, toolChoice: { oneOf: [Weather.name, Map.name] } }),
  make({
    name: "tool choice among some, forced",
    needs: ["tools", "forcedToolChoice"],
    ...three,
    toolChoice: { mode: "required", oneOf: [Weather.name, Ticket.name] }
  }),
  make({
    name: "one tool call at a time",
    needs: ["tools"],
    ...three,
    settings: { parallelToolCalls: false }
  }),
  make({ name: "tool calls at once", needs: ["tools"], ...three, settings: { parallelToolCalls: true } }),
  make({
    name: "one forced tool call at a time",
    needs: ["tools", "forcedToolChoice"],
    ...three,
    toolChoice: "required",
    settings: { parallelToolCalls: false }
  })
]
