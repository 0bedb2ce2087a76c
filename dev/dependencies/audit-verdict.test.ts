import { expect, test } from "vitest";

import { auditVerdict } from "./audit-verdict.ts";

function reportOf(...found: readonly [name: string, severity: string][]): string {
  const vulnerabilities = found.map(([name, severity]) => [
    name,
    { name, severity, range: "<2.0.0" },
  ]);
  return JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(vulnerabilities),
    metadata: {},
  });
}

test("a report without anything high is clean", () => {
  expect(auditVerdict(reportOf())).toEqual({ kind: "clean" });
  expect(auditVerdict(reportOf(["a", "low"], ["b", "moderate"]))).toEqual({ kind: "clean" });
});

test("what is high or critical is named, the critical first", () => {
  expect(auditVerdict(reportOf(["a", "high"], ["b", "moderate"], ["c", "critical"]))).toEqual({
    kind: "vulnerable",
    findings: ["critical: c <2.0.0", "high: a <2.0.0"],
  });
});

test("whatever is no report is not taken for a clean one", () => {
  const refused = JSON.stringify({ message: "405 Method Not Allowed", statusCode: 405 });
  expect(auditVerdict(refused)).toEqual({ kind: "unknown", reason: "405 Method Not Allowed" });
  for (const output of ["", "npm error", "{}", "null", '{"vulnerabilities":{}}']) {
    expect(auditVerdict(output)).toMatchObject({ kind: "unknown" });
  }
});
