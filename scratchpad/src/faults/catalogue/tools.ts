/** Tool calls that cannot be run. */
import type { Case, Fails, Fault, Target } from "../Fault.ts"
import { eventStream, interrupted, whole } from "./answers.ts"

const broken = `{"city": Ro`
const misfit = `{"town":"Rome"}`

const text = "Let me see."

/** An answer that calls a tool with these arguments, after a text. */
const calling = (target: Target, name: string, args: string) =>
  whole(target, { deltas: [text], call: { name, arguments: args } })

const invalidOutput = (tag: Fails["tag"], reason: Fails["reason"]): Fails => ({
  _tag: "Fails",
  kind: "InvalidOutput",
  tag,
  retryable: true,
  reason
})

/** Fails the call, or is told to the model, as the tool has it. */
const wrongArguments = (name: string, args: string, params: unknown): Fault => ({
  name,
  cases: (target): ReadonlyArray<Case> => [
    {
      variant: "the call fails",
      plans: [calling(target, "Weather", args)],
      ask: { tools: true },
      expected: {
        ...invalidOutput("ToolParameterValidationError", { toolName: "Weather" }),
        by: ["Toolkit", "Weather.handle"],
        // The parts of a stream have reached the caller.
        ...(target.way === "generateText" ? { partial: text } : { given: text })
      }
    },
    {
      variant: "the model is told",
      plans: [calling(target, "Forecast", args)],
      ask: { tools: true },
      expected: {
        _tag: "Succeeds",
        text,
        parts: [
          { type: "tool-call", name: "Forecast", params },
          { type: "tool-result", isFailure: true, encodedResult: /Forecast/ }
        ]
      }
    }
  ]
})

export const tools: ReadonlyArray<Fault> = [
  {
    name: "no fault, with a tool",
    cases: (target) => [{
      plans: [whole(target, { call: { name: "Weather", arguments: `{"city":"Rome"}` } })],
      ask: { tools: true },
      expected: {
        _tag: "Succeeds",
        text: "",
        parts: [{ type: "tool-result", result: "Rome: sunny" }, { type: "finish", reason: "tool-calls" }],
        ran: ["Rome"]
      }
    }]
  },
  wrongArguments("tool arguments that are not JSON", broken, broken),
  wrongArguments("tool arguments that do not fit", misfit, JSON.parse(misfit)),
  {
    name: "tool that does not exist",
    cases: (target) => [
      {
        plans: [calling(target, "Wether", `{"city":"Rome"}`)],
        ask: { tools: true },
        expected: {
          ...invalidOutput("ToolNotFoundError", {
            toolName: "Wether",
            availableTools: ["Weather", "Forecast"]
          }),
          partial: text,
          ...(target.way === "streamText" ? { given: text } : undefined)
        }
      },
      {
        variant: "none was offered",
        plans: [whole(target, { call: { name: "Weather", arguments: "{}" } })],
        expected: { ...invalidOutput("ToolNotFoundError", { availableTools: [] }), given: "" }
      }
    ]
  },
  {
    name: "tool call cut in its arguments",
    ways: ["streamText"],
    cases: ({ wire }) => {
      const { before } = wire.stream({ deltas: [text], call: { name: "Weather", arguments: `{"city":"Rome"}` } })
      // Up to the first half of the arguments.
      const at = before.findIndex((event) => event.includes(JSON.stringify(`{"city"`).slice(1, -1)))
      if (at < 0) return "calls come whole"
      return [{
        plans: [{ headers: eventStream, body: before.slice(0, at + 1), end: "cut" }],
        ask: { tools: true },
        expected: interrupted(text)
      }]
    }
  }
]
