import { SCENARIOS } from "../scenarios/scenarios.ts";
import { loadOf } from "./load.ts";

// Events alone: one per request, then in batches of 100 and of 500.
const load = loadOf(SCENARIOS.events);

export const options = load.options;
export const setup = load.setup;
export const handleSummary = load.handleSummary;
export default load.arrive;
