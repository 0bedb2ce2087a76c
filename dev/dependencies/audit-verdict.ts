import * as z from "zod";

/** What `npm audit --json` came to. */
export type AuditVerdict =
  | { readonly kind: "clean" }
  /** One line per package, the worst first. */
  | { readonly kind: "vulnerable"; readonly findings: readonly string[] }
  /** The question was not answered: nothing is known, neither good nor bad. */
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Reads the JSON that `npm audit` printed.
 *
 * Only a report is an answer: an error, no output, or a report of another shape is `unknown`, never `clean`.
 */
export function auditVerdict(output: string): AuditVerdict {
  const report = reportSchema.safeParse(parsed(output));
  if (report.success) return verdictOf(Object.values(report.data.vulnerabilities));
  const problem = problemSchema.safeParse(parsed(output));
  const reason = problem.success ? problem.data.message : "npm audit printed no report";
  return { kind: "unknown", reason };
}

/** What is reported; the others are noise that nobody reads. */
const SEVERITIES = ["critical", "high"] as const;

const reportSchema = z.object({
  auditReportVersion: z.number(),
  vulnerabilities: z.record(
    z.string(),
    z.object({ name: z.string(), severity: z.string(), range: z.string() }),
  ),
});
const problemSchema = z.object({ message: z.string() });

type Vulnerability = z.infer<typeof reportSchema>["vulnerabilities"][string];

function verdictOf(vulnerabilities: readonly Vulnerability[]): AuditVerdict {
  const findings = SEVERITIES.flatMap((wanted) =>
    vulnerabilities
      .filter(({ severity }) => severity === wanted)
      .map(({ name, range }) => `${wanted}: ${name} ${range}`),
  );
  return findings.length === 0 ? { kind: "clean" } : { kind: "vulnerable", findings };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
