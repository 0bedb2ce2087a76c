import { CreditLedger } from "./credit-ledger.ts";
import { LISTENING, RECEIVER_SETTINGS } from "./receiver-settings.ts";
import { rewardFateOf } from "./reward-fates.ts";
import { startRewardReceiver } from "./reward-receiver.ts";

// A reward service as a process of its own, so that it can be killed; `reward-service.ts` starts it.
const { port, file, secret, seed, forgetsKeys } = RECEIVER_SETTINGS.parse(
  JSON.parse(process.argv[2] ?? ""),
);
await startRewardReceiver({
  port,
  secret,
  ledger: new CreditLedger(file),
  fateOf: (delivery) => (seed === null ? "fine" : rewardFateOf(seed, delivery)),
  forgetsKeys,
});
// It must not outlive whoever started it, also when that one is killed.
process.stdin.on("end", () => process.exit(0)).resume();
console.log(LISTENING);
