import { cohere } from "../../src/faults/wires/cohere.ts"
import { checkFaults } from "./check.ts"

checkFaults(cohere)
