/** The one Node API that the Worker uses; workerd has it built in. The full Node types would clash with the Workers'. */
declare module "node:crypto" {
  interface Hash {
    update(text: string): Hash;
    digest(encoding: "hex"): string;
  }
  export function createHash(algorithm: "sha256"): Hash;
}
