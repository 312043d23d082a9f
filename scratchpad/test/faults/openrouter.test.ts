import { openRouter } from "../../src/faults/wires/openrouter.ts"
import { checkFaults } from "./check.ts"

checkFaults(openRouter)
