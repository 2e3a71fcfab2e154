/** What has to be put back at the end, whatever happens in between. */
export class Undo {
  readonly #steps: (() => Promise<unknown>)[] = [];

  /** Later steps are taken back before earlier ones. */
  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }

  /** Takes everything back, also after a step that failed; then rejects with the failures. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.splice(0).reverse()) await step().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, `not everything was put back: ${failures.join("; ")}`);
  }
}
