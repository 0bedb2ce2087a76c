import { existingState } from "../existing-state.ts";
import { LOOPBACK } from "../ports.ts";
import { runCommand } from "../run-command.ts";
import { StackProblem } from "../stack-problem.ts";
import { parseFaultsArguments } from "./arguments.ts";
import { readFaults, setFaults } from "./control-client.ts";
import { CONTROL_PATH } from "./control.ts";

// Shows or sets what goes wrong between Worker and Postgres in the running local stack.
await runCommand(async () => {
  const wish = parseFaultsArguments(process.argv.slice(2));
  const { ports } = existingState(process.env);
  if (ports === null) {
    throw new StackProblem("The local stack has never come up. Start it: npm run dev");
  }
  const controlUrl = `http://${LOOPBACK}:${ports.endpoint}${CONTROL_PATH}`;
  const status = await (wish.kind === "show"
    ? readFaults(controlUrl)
    : setFaults(controlUrl, wish.plan));
  return [JSON.stringify(status, null, 2)];
});
