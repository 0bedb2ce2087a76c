import {
  billByShardsTable,
  billTable,
  postgresTable,
  priceTable,
  rowsByShardsTable,
} from "./bill-tables.ts";
import { deploymentTable, firstLimitTable } from "./limit-tables.ts";

/** Every table of docs/scaling.md by the name in the marks around it, in the order of the page. */
export const COST_TABLES: Readonly<Record<string, () => string>> = {
  bill: billTable,
  "bill-by-shards": billByShardsTable,
  "rows-by-shards": rowsByShardsTable,
  postgres: postgresTable,
  "first-limit": firstLimitTable,
  deployments: deploymentTable,
  prices: priceTable,
};
