import { StackProblem } from "./stack-problem.ts";
import { stateFolder, statePaths } from "./state-paths.ts";
import { readState, type State } from "./state.ts";

/** The state of the local stack, which has to have been started once. Throws StackProblem with the remedy. */
export function existingState(environment: NodeJS.ProcessEnv): State {
  const folder = stateFolder(environment);
  const state = readState(statePaths(folder));
  if (state !== null) return state;
  throw new StackProblem(
    `There is no local stack yet: ${folder} holds no state. Start it once: npm run dev`,
  );
}
