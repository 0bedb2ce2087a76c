import { SCENARIOS } from "../scenarios/scenarios.ts";
import { loadOf } from "./load.ts";

// GET challenges: full, active only, and with the last ETag.
const load = loadOf(SCENARIOS.reads);

export const options = load.options;
export const setup = load.setup;
export const handleSummary = load.handleSummary;
export default load.arrive;
