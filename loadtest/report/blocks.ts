/** A report as a list of blocks, the same for Markdown and HTML. */
export type Block =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | {
      readonly kind: "table";
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  /** Left out of Markdown. */
  | { readonly kind: "chart"; readonly chart: Chart };

/** Lines over time. */
export interface Chart {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly Series[];
}

/** One line; x in seconds from the start of the run. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}
