import { SCENARIOS } from "../scenarios/scenarios.ts";
import { loadOf } from "./load.ts";

// The published mix, shorter; the runner has put a million rows into the database before.
const load = loadOf(SCENARIOS.dirty);

export const options = load.options;
export const setup = load.setup;
export const handleSummary = load.handleSummary;
export default load.arrive;
