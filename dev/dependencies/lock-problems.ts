import * as z from "zod";

/**
 * What must not be in package-lock.json, one sentence each: a package that is not bound to the hash of its content, and one
 * that runs a script at installation without being named in package.json's `allowScripts`.
 *
 * Needs no network: it says what a pull request could have slipped in, and nothing about known weaknesses.
 */
export function lockProblems(lockText: string, manifestText: string): string[] {
  const { packages } = lockSchema.parse(JSON.parse(lockText));
  const { allowScripts } = manifestSchema.parse(JSON.parse(manifestText));
  return Object.entries(packages).flatMap(([path, locked]) => {
    const name = path.split("node_modules/").at(-1) ?? "";
    // The project itself.
    if (name === "") return [];
    const problems: string[] = [];
    if (!STRONG_HASH.test(locked.integrity ?? "")) {
      problems.push(`${name} has no SHA-512 in the lock file: install it anew.`);
    }
    if (locked.resolved !== undefined && !locked.resolved.startsWith("https://")) {
      problems.push(`${name} does not come over https: ${locked.resolved}.`);
    }
    if (locked.hasInstallScript && allowScripts[name] === undefined) {
      problems.push(`${name} has an install script that allowScripts says nothing about.`);
    }
    return problems;
  });
}

const STRONG_HASH = /^sha512-/;

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      integrity: z.string().optional(),
      resolved: z.string().optional(),
      hasInstallScript: z.boolean().default(false),
    }),
  ),
});
const manifestSchema = z.object({ allowScripts: z.record(z.string(), z.boolean()) });
