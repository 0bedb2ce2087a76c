import type { StatementKind } from "../../dev/faults/statement-kind.ts";
import type { HistogramData } from "../measure/histogram.ts";

/** What the endpoint's process is asked. */
export type EndpointRequest =
  | { readonly ask: "start"; readonly serverUrl: string; readonly port: number }
  | { readonly ask: "statistics" };

/** What it answers. */
export type EndpointReply =
  | {
      readonly is: "started";
      readonly url: string;
      readonly controlUrl: string;
      readonly port: number;
    }
  | { readonly is: "failed"; readonly reason: string }
  | { readonly is: "statistics"; readonly statements: readonly StatementFigures[] };

/** How many statements of a kind came by, and how long Postgres and the endpoint took for them. */
export interface StatementFigures {
  readonly kind: StatementKind;
  readonly duration: HistogramData;
}
