/** As Neon's proxy does it (json.rs): strings as they are, arrays as array literals, everything else as JSON. */
export function toPostgresText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  return Array.isArray(value) ? toArrayLiteral(value) : JSON.stringify(value);
}

function toArrayLiteral(values: readonly unknown[]): string {
  const elements = values.map((value) => {
    if (value === null || value === undefined) return "NULL";
    if (Array.isArray(value)) return toArrayLiteral(value);
    // An object becomes a JSON text, and that text a quoted element.
    return JSON.stringify(typeof value === "object" ? JSON.stringify(value) : value);
  });
  return `{${elements.join(",")}}`;
}
