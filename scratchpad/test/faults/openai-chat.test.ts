import { openAiChat } from "../../src/faults/wires/openai-chat.ts"
import { checkFaults } from "./check.ts"

checkFaults(openAiChat)
