import type { AuditReport } from "./audit.ts";

/** The report as lines: one per finding, then what each broken invariant means, then how much was looked at. */
export function reportLines({ broken, counts }: AuditReport, invariants: number): string[] {
  const findings = broken.flatMap(({ invariant: { name }, findings, count }) => {
    const lines = findings.map(({ place, found }) => `${name}: ${place}: ${found}`);
    const hidden = count - findings.length;
    return hidden > 0 ? [...lines, `${name}: and ${hidden} more`] : lines;
  });
  const meanings = broken.map(
    ({ invariant: { name, why }, count }) => `${count} × ${name}: ${why}`,
  );
  const total = broken.reduce((sum, { count }) => sum + count, 0);
  const verdict =
    total === 0
      ? `Clean: all of ${invariants} invariants hold.`
      : `${total} ${total === 1 ? "finding" : "findings"}; ${broken.length} of ${invariants} invariants are broken.`;
  const open = counts["open dead letters"] ?? 0;
  const warning = open === 0 ? [] : [`Warning: ${open} dead letters wait for an operator.`];
  const looked = Object.entries(counts).map(([what, number]) => `${what} ${number}`);
  return [...findings, ...meanings, ...warning, verdict, `Looked at: ${looked.join(", ")}.`];
}
