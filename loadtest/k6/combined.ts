import { SCENARIOS } from "../scenarios/scenarios.ts";
import { loadOf } from "./load.ts";

// The published run: a minute of initialise, then the mix of requests and events.
const load = loadOf(SCENARIOS.combined);

export const options = load.options;
export const setup = load.setup;
export const handleSummary = load.handleSummary;
export default load.arrive;
