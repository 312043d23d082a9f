/**
 * What vendors put around a request, by the names of their models. Fitted to the counts of recorded requests, which are few:
 * `npm run counts` prints how well each row does. As of 2026-11-27.
 */

/** How the tokens of a request follow from those of its text, and how far off that may be. */
export interface Family {
  readonly name: string
  readonly match: RegExp
  /** Tokens of the vendor's own in each request. */
  readonly base: number
  /** Of the messages, against `TokenEstimate`. */
  readonly messages: number
  /** Tokens of the vendor's own where a tool is offered: what it tells the model of tools. */
  readonly toolsBase: number
  /** Of the tools, against `TokenEstimate`. */
  readonly tools: number
  /** The bound: so many tokens, and so much of the estimate. */
  readonly bound: readonly [tokens: number, share: number]
}

const rows: ReadonlyArray<Family> = [
  {
    name: "claude-3 to claude-4.0",
    match: /claude-(?:3|(?:sonnet|opus)-4-(?:0|2025))/,
    base: 5,
    messages: 0.9,
    toolsBase: 360,
    tools: 0.7,
    bound: [30, 0.2]
  },
  { name: "claude", match: /claude/, base: 3, messages: 1, toolsBase: 485, tools: 1.3, bound: [35, 0.2] },
  { name: "gemini", match: /gemini/, base: -2, messages: 1, toolsBase: 0, tools: 0.65, bound: [40, 0.4] },
  {
    name: "command-a-reasoning",
    match: /command-a-reasoning/,
    base: 1_380,
    messages: 1,
    toolsBase: 0,
    tools: 1,
    bound: [100, 0.1]
  },
  {
    name: "command-a-plus",
    match: /command-a-plus/,
    base: 10,
    messages: 1.15,
    toolsBase: 160,
    tools: 1,
    bound: [100, 0.2]
  },
  { name: "command-a", match: /command-a-/, base: 490, messages: 1.2, toolsBase: 890, tools: 0.9, bound: [50, 0.1] },
  {
    name: "command-r7b",
    match: /command-r7b/,
    base: 490,
    messages: 1.9,
    toolsBase: 910,
    tools: 0.7,
    bound: [500, 0.1]
  },
  { name: "command", match: /^command|cohere\//, base: 55, messages: 1.2, toolsBase: 750, tools: 1, bound: [150, 0.3] },
  {
    name: "gpt and o",
    match: /(?:^|\/|ft:)(?:gpt-|o\d|chatgpt-|codex-)/,
    base: 3,
    messages: 0.95,
    toolsBase: 20,
    tools: 0.35,
    bound: [20, 0.3]
  }
]

/** Servers put prompts of their own around, of which nobody knows here. */
const others: Family = {
  name: "others",
  match: /^/,
  base: 0,
  messages: 1,
  toolsBase: 100,
  tools: 1,
  bound: [200, 0.5]
}

export const familyOf = (model: string): Family => rows.find(({ match }) => match.test(model)) ?? others
