/** Calls of tools in the history, and results of every kind. */
import type * as Prompt from "effect/ai/Prompt"
import * as Files from "./files.ts"
import { type Given, make, type PromptCase } from "./PromptCase.ts"
import { Map, Ticket, Weather } from "./tools.ts"

type Call = Pick<Prompt.ToolCallPartEncoded, "id" | "name" | "params">
type Result = Omit<Prompt.ToolResultPartEncoded, "type">

const callOf = (call: Call) => ({ type: "tool-call", ...call }) as const
const resultOf = (result: Result) => ({ type: "tool-result", ...result }) as const

/** What a result has of its call. */
const of = (call: Call) => ({ id: call.id, name: call.name, isFailure: false })

const tools = [Weather, Ticket, Map]

const weather: Call = { id: "call_weather_1", name: Weather.name, params: { city: "Lisbon" } }
const ticket: Call = {
  id: "call_ticket_1",
  name: Ticket.name,
  params: { from: "Lisbon", to: "Porto", adults: 40961 }
}

/** A question, one call and its result. */
const answered = (name: string, result: Partial<Result>, more: Partial<Given> = {}): PromptCase =>
  make({
    name,
    needs: ["tools"],
    prompt: [
      { role: "user", content: "How is the weather in Lisbon?" },
      { role: "assistant", content: [callOf(weather)] },
      {
        role: "tool",
        content: [resultOf({ ...of(weather), result: "sunny", ...result })]
      }
    ],
    tools,
    ...more
  })

const shown = (name: string, needs: PromptCase["needs"], ...modelOutput: NonNullable<Result["modelOutput"]>) =>
  answered(name, { result: "not for the model", modelOutput }, { needs: ["tools", ...needs] })

const image = { type: "file", mediaType: "image/png", data: Files.png } as const
const report = { type: "file", mediaType: "application/pdf", data: Files.pdf, fileName: "report.pdf" } as const

export const results: ReadonlyArray<PromptCase> = [
  answered("a result that is a text", { result: "22 degrees, no wind" }),
  answered("a result that is an object", { result: { celsius: 22.125, wind: { from: "north", knots: 40963 } } }),
  answered("a result that is a list", { result: [{ day: "Monday" }, { day: "Tuesday" }] }),
  answered("a result that is a number", { result: 40967 }),
  answered("a result that is true", { result: true }),
  answered("a result that is null", { result: null }),
  answered("a result that is an empty text", { result: "" }),
  answered("a result that is an empty list", { result: [] }),
  answered("a failed result", { isFailure: true, result: { _tag: "NoStation", message: "No station answers." } }),
  answered("a failed result that is an empty text", { isFailure: true, result: "" }),
  answered("a failed result that is a text", { isFailure: true, result: "No station answers." }),
  shown("a result shown as text", [], { type: "text", text: "Say that it is sunny." }),
  shown("a result shown as an image", ["imageInput"], image),
  shown("a result shown as a PDF", ["pdfInput"], report),
  shown(
    "a result shown as texts, an image and a PDF",
    ["imageInput", "pdfInput"],
    { type: "text", text: "The radar:" },
    image,
    { type: "text", text: "The report:" },
    report
  ),
  answered("a failed result shown as a text and an image", {
    isFailure: true,
    result: "not for the model",
    modelOutput: [{ type: "text", text: "The radar is broken:" }, image]
  }, { needs: ["tools", "imageInput"] }),
  shown("a result shown as nothing", []),
  shown("a result shown as an empty text", [], { type: "text", text: "" }),
  make({
    name: "a text before its call, and a question after the result",
    needs: ["tools"],
    prompt: [
      { role: "system", content: "You know the weather." },
      { role: "user", content: "How is it in Lisbon?" },
      { role: "assistant", content: [{ type: "text", text: "I look." }, callOf(weather)] },
      { role: "tool", content: [resultOf({ ...of(weather), result: "sunny" })] },
      { role: "assistant", content: "It is sunny." },
      { role: "user", content: "And a ticket?" }
    ],
    tools
  }),
  make({
    name: "a question right after a result",
    needs: ["tools"],
    prompt: [
      { role: "user", content: "How is it in Lisbon?" },
      { role: "assistant", content: [callOf(weather)] },
      { role: "tool", content: [resultOf({ ...of(weather), result: "sunny" })] },
      { role: "user", content: "Answer in one word." }
    ],
    tools
  }),
  make({
    name: "calls at once, results in one message",
    needs: ["tools"],
    prompt: [
      { role: "user", content: "Weather and a ticket." },
      { role: "assistant", content: [callOf(weather), callOf(ticket)] },
      {
        role: "tool",
        content: [
          resultOf({ ...of(weather), result: "sunny" }),
          resultOf({ ...of(ticket), result: { number: "T-77" } })
        ]
      }
    ],
    tools
  }),
  make({
    name: "calls at once, results in messages of their own and in another order",
    needs: ["tools"],
    prompt: [
      { role: "user", content: "Weather and a ticket." },
      { role: "assistant", content: [callOf(weather), callOf(ticket)] },
      { role: "tool", content: [resultOf({ ...of(ticket), result: { number: "T-77" } })] },
      { role: "tool", content: [resultOf({ ...of(weather), result: "sunny" })] },
      { role: "user", content: "Go on." }
    ],
    tools
  }),
  make({
    name: "calls one after the other",
    needs: ["tools"],
    prompt: [
      { role: "user", content: "Weather, then a ticket." },
      { role: "assistant", content: [callOf(weather)] },
      { role: "tool", content: [resultOf({ ...of(weather), result: "sunny" })] },
      { role: "assistant", content: [callOf(ticket)] },
      { role: "tool", content: [resultOf({ ...of(ticket), isFailure: true, result: "Sold out." })] },
      { role: "assistant", content: "No ticket left." },
      { role: "user", content: "Then a map." }
    ],
    tools
  }),
  make({
    name: "a result in the assistant message of its call",
    needs: ["tools"],
    prompt: [
      { role: "user", content: "How is it in Lisbon?" },
      { role: "assistant", content: [callOf(weather), resultOf({ ...of(weather), result: "sunny" })] },
      { role: "user", content: "Thanks." }
    ],
    tools
  }),
  make({
    name: "a history with tools, and none offered",
    prompt: [
      { role: "user", content: "How is it in Lisbon?" },
      { role: "assistant", content: [callOf(weather)] },
      { role: "tool", content: [resultOf({ ...of(weather), result: "sunny" })] },
      { role: "user", content: "Thanks." }
    ]
  }),
  make({
    name: "ids of calls as other vendors make them",
    needs: ["tools"],
    prompt: [
      { role: "user", content: "Two cities." },
      {
        role: "assistant",
        content: [
          callOf({ ...weather, id: "functions.get_weather:0" }),
          callOf({ ...weather, id: `chatcmpl-tool-${"f".repeat(66)}`, params: { city: "Évora" } })
        ]
      },
      {
        role: "tool",
        content: [
          resultOf({ ...of(weather), id: "functions.get_weather:0", result: "sunny" }),
          resultOf({ ...of(weather), id: `chatcmpl-tool-${"f".repeat(66)}`, result: "rain" })
        ]
      }
    ],
    tools
  }),
  make({
    name: "a call without arguments, and one with odd ones",
    needs: ["tools"],
    prompt: [
      { role: "user", content: "Look." },
      {
        role: "assistant",
        content: [
          callOf({ id: "call_empty", name: Map.name, params: {} }),
          callOf({ id: "call_odd", name: Map.name, params: { place: "São \"João\"\n👍", more: [null, 1.5, [true]] } })
        ]
      },
      {
        role: "tool",
        content: [
          resultOf({ id: "call_empty", name: Map.name, isFailure: true, result: "Where?" }),
          resultOf({ id: "call_odd", name: Map.name, isFailure: false, result: "São João" })
        ]
      }
    ],
    tools
  }),
  make({
    name: "a call that was approved",
    needs: ["tools"],
    prompt: [
      { role: "user", content: "A ticket." },
      {
        role: "assistant",
        content: [callOf(ticket), { type: "tool-approval-request", approvalId: "approval_1", toolCallId: ticket.id }]
      },
      { role: "tool", content: [{ type: "tool-approval-response", approvalId: "approval_1", approved: true }] },
      { role: "tool", content: [resultOf({ ...of(ticket), result: { number: "T-77" } })] }
    ],
    tools
  }),
  make({
    name: "all of a long conversation",
    needs: ["tools", "imageInput", "pdfInput"],
    prompt: [
      { role: "system", content: "You plan trips." },
      { role: "user", content: [{ type: "text", text: "Where is this?" }, image] },
      { role: "assistant", content: "In Lisbon." },
      { role: "user", content: "Weather and a ticket, please." },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "Both can be had at once." },
          { type: "text", text: "I look." },
          callOf(weather),
          callOf(ticket)
        ]
      },
      {
        role: "tool",
        content: [
          resultOf({ ...of(weather), result: 0, modelOutput: [{ type: "text", text: "See the radar." }, image] }),
          resultOf({ ...of(ticket), isFailure: true, result: "Sold out." })
        ]
      },
      { role: "system", content: "Do not sell anything any more." },
      { role: "user", content: [{ type: "text", text: "Read this." }, report] },
      { role: "assistant", content: [{ type: "text", text: "Read." }] },
      { role: "user", content: "And now?" }
    ],
    tools
  })
]
