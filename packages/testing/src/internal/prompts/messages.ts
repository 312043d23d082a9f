/** Texts: every role in every place, several parts, and texts that are easily lost. */
import { make, type PromptCase } from "./PromptCase.ts"

const question = "Which river runs through Lisbon?"

export const messages: ReadonlyArray<PromptCase> = [
  make({ name: "one text", prompt: question }),
  make({
    name: "a system message first",
    prompt: [{ role: "system", content: "Answer in one word." }, { role: "user", content: question }]
  }),
  make({
    name: "several system messages first",
    prompt: [
      { role: "system", content: "Answer in one word." },
      { role: "system", content: "Answer in Portuguese." },
      { role: "system", content: "Never apologise." },
      { role: "user", content: question }
    ]
  }),
  make({
    name: "a system message between turns",
    prompt: [
      { role: "user", content: question },
      { role: "assistant", content: "The Tagus." },
      { role: "system", content: "From here on, answer in Portuguese." },
      { role: "user", content: "And through Porto?" }
    ]
  }),
  make({
    name: "a system message after the answer to a system message",
    prompt: [
      { role: "system", content: "Answer in one word." },
      { role: "user", content: question },
      { role: "system", content: "No: in two words." },
      { role: "assistant", content: "Tagus river." },
      { role: "user", content: "And through Porto?" }
    ]
  }),
  make({
    name: "a system message last",
    prompt: [{ role: "user", content: question }, { role: "system", content: "Answer in one word." }]
  }),
  make({
    name: "several texts in one message",
    prompt: [{
      role: "user",
      content: [
        { type: "text", text: "Here is the first half. " },
        { type: "text", text: "Here is the second half." },
        { type: "text", text: "Join them." }
      ]
    }]
  }),
  make({
    name: "several user messages in a row",
    prompt: [
      { role: "user", content: "I live in Lisbon." },
      { role: "user", content: "I like rivers." },
      { role: "user", content: "Where do I walk?" }
    ]
  }),
  make({
    name: "a conversation of four turns",
    prompt: [
      { role: "user", content: question },
      { role: "assistant", content: "The Tagus." },
      { role: "user", content: "How long is it?" },
      { role: "assistant", content: "1,007 kilometres." },
      { role: "user", content: "And its source?" },
      { role: "assistant", content: "In the Sierra de Albarracín." },
      { role: "user", content: "Thanks." }
    ]
  }),
  make({
    name: "two assistant messages in a row",
    prompt: [
      { role: "user", content: question },
      { role: "assistant", content: "Let me think." },
      { role: "assistant", content: "The Tagus." },
      { role: "user", content: "Thanks." }
    ]
  }),
  make({
    name: "several texts in one answer",
    prompt: [
      { role: "user", content: question },
      {
        role: "assistant",
        content: [{ type: "text", text: "It is long. " }, { type: "text", text: "It is the Tagus." }]
      },
      { role: "user", content: "Thanks." }
    ]
  }),
  make({
    name: "an assistant message first",
    prompt: [
      { role: "assistant", content: "How can I help?" },
      { role: "user", content: question }
    ]
  }),
  make({
    name: "an assistant message last",
    needs: ["prefill"],
    prompt: [
      { role: "user", content: question },
      { role: "assistant", content: "The river is called the" }
    ]
  }),
  make({
    name: "scripts of the world",
    prompt: "Translate: Übermäßig, naïve café, Привет, мир, こんにちは世界, שלום עולם, 👩‍👩‍👧‍👦🏳️‍🌈, e\u0301, \u{1F600}"
  }),
  make({
    name: "quotes, backslashes and control characters",
    prompt:
      `Repeat: "quoted" 'single' \\back\\slash\\ tab\t bell\u0007 line\nbreak\r\nreturn \u2028 </script> {"json": [1]} \${x}`
  }),
  make({ name: "a long text", prompt: `Summarise: ${"The quick brown fox jumps over the lazy dog. ".repeat(2000)}` }),
  make({
    name: "an empty text beside another",
    prompt: [{ role: "user", content: [{ type: "text", text: "" }, { type: "text", text: question }] }]
  }),
  make({
    name: "white space beside a text",
    prompt: [{ role: "user", content: [{ type: "text", text: " \n" }, { type: "text", text: question }] }]
  }),
  make({
    name: "an empty system message",
    prompt: [{ role: "system", content: "" }, { role: "user", content: question }]
  }),
  make({
    name: "a system message of white space",
    prompt: [{ role: "system", content: "\n" }, { role: "user", content: question }]
  }),
  make({
    name: "an empty text in an answer",
    prompt: [
      { role: "user", content: question },
      { role: "assistant", content: [{ type: "text", text: "" }, { type: "text", text: "The Tagus." }] },
      { role: "user", content: "Thanks." }
    ]
  }),
  make({
    name: "an answer of white space",
    prompt: [
      { role: "user", content: question },
      { role: "assistant", content: [{ type: "text", text: "\n\n" }] },
      { role: "user", content: "You said nothing." }
    ]
  }),
  make({
    name: "an answer without parts",
    prompt: [
      { role: "user", content: question },
      { role: "assistant", content: [] },
      { role: "user", content: "You said nothing." }
    ]
  }),
  make({
    name: "reasoning of no known vendor in the history",
    prompt: [
      { role: "user", content: question },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "Lisbon lies at the mouth of a river that comes from Spain." },
          { type: "text", text: "The Tagus." }
        ]
      },
      { role: "user", content: "How do you know?" }
    ]
  }),
  make({
    name: "nothing but reasoning in an answer",
    prompt: [
      { role: "user", content: question },
      { role: "assistant", content: [{ type: "reasoning", text: "I was cut short while I thought." }] },
      { role: "user", content: "Go on." }
    ]
  })
]
