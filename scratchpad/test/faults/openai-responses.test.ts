import { openAiResponses } from "../../src/faults/wires/openai-responses.ts"
import { checkFaults } from "./check.ts"

checkFaults(openAiResponses)
