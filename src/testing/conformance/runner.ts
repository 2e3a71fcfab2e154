/**
 * What a conformance suite needs from a test runner: the `describe` and `it` of vitest, jest, mocha, `node:test` or
 * any other. Suites assert by throwing and bring no runner of their own.
 */
export interface ConformanceRunner {
  /** Opens a section named `name`. */
  describe(name: string, body: () => void): unknown;
  /** Registers one case. The heaviest ones take half a second in memory: give a real database a larger timeout. */
  it(name: string, body: () => Promise<void>): unknown;
}
