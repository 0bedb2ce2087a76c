/** The value as JSON text, with the text `odd` in the place of one of the values that it is made of. */
export function textWithOddValue(value: unknown, place: number, odd: string): string {
  const writer = new OddWriter(place % countValues(value), odd);
  return writer.write(value);
}

function countValues(value: unknown): number {
  return childrenOf(value).reduce<number>((count, child) => count + countValues(child), 1);
}

function childrenOf(value: unknown): readonly unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}

class OddWriter {
  readonly #odd: string;
  #valuesLeft: number;

  constructor(place: number, odd: string) {
    this.#valuesLeft = place;
    this.#odd = odd;
  }

  write(value: unknown): string {
    if (this.#valuesLeft-- === 0) return this.#odd;
    if (Array.isArray(value)) return `[${value.map((item) => this.write(item)).join()}]`;
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const fields = Object.entries(value).map(
      ([name, field]) => `${JSON.stringify(name)}:${this.write(field)}`,
    );
    return `{${fields.join()}}`;
  }
}
