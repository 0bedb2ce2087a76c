/**
 * A failure of the local stack that the developer can act on.
 *
 * The message says what was wrong, where, and what to do; it is printed without a stack trace.
 */
export class StackProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StackProblem";
  }
}
