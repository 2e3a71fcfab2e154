type Grant = (lock: Lock | null) => Promise<unknown>;

/** The Web Locks of one origin, as its tabs share them; exclusive, nobody queues, and nothing happens at once. */
export class FakeLocks {
  /** Names that are taken. */
  readonly held = new Set<string>();

  async request(name: string, options: { readonly ifAvailable: true }, grant: Grant): Promise<unknown> {
    if (!options.ifAvailable) throw new Error("this fake does not wait for a lock");
    await new Promise(setImmediate);
    if (this.held.has(name)) return grant(null);
    this.held.add(name);
    try {
      return await grant({ name, mode: "exclusive" });
    } finally {
      await new Promise(setImmediate);
      this.held.delete(name);
    }
  }
}
