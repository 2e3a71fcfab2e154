import { expect, it } from "vitest";
import { RawClient, uplink } from "./raw-client.js";
import { eventually, NO_RATE, openServer, upTo } from "./stage.js";

/** What the original client does: numeric ids, cursor = highest seq seen anywhere, pages until there is no more. */
class LegacyClient {
  readonly shown: number[] = [];
  readonly texts: string[] = [];
  cursor: number;
  raw: RawClient;
  #read = 0;
  #paging = true;

  constructor(raw: RawClient, cursor: number) {
    this.raw = raw;
    this.cursor = cursor;
    raw.socket.on("message", () => this.#take());
  }

  static async login(port: number, userId: string, cursor: number): Promise<LegacyClient> {
    const raw = await RawClient.open(port);
    await raw.login(userId);
    const client = new LegacyClient(raw, cursor);
    client.#ask();
    return client;
  }

  get isLive(): boolean {
    return !this.#paging;
  }

  #ask(): void {
    this.raw.send({ kind: "sync", seq: this.cursor, limit: 0, syncEpoch: "" });
  }

  #take(): void {
    for (; this.#read < this.raw.frames.length; this.#read++) {
      const frame = this.raw.frames[this.#read];
      if (frame?.kind === "push") this.#show(frame.item);
      if (frame?.kind === "uplink_ack") this.cursor = Math.max(this.cursor, frame.seq);
      if (frame?.kind !== "sync_page") continue;
      for (const item of frame.items) this.#show(item);
      this.#paging = frame.hasMore;
      if (frame.hasMore) this.#ask();
    }
  }

  #show({ seq, message }: { seq: number; message: { senderId: string | null; content: Uint8Array } }): void {
    this.cursor = Math.max(this.cursor, seq);
    if (message.senderId === "7") return;
    this.shown.push(seq);
    this.texts.push(Buffer.from(message.content).toString());
  }
}

it("I20: a legacy client sees everything once and in order, over reconnects, while it writes itself", async () => {
  const { im, port } = await openServer({ limits: NO_RATE });
  const write = (n: number) => im.messages.send({ to: { userId: "7" }, from: "8", text: `${n}` });
  for (const n of upTo(450)) await write(n);

  const first = await LegacyClient.login(port, "7", 0);
  const more = upTo(300).map((n) => write(450 + n));
  for (const n of upTo(50)) first.raw.send(uplink(n, "8", `own ${n}`));
  await Promise.all(more);
  await eventually(() => first.texts.length === 750, "the first connection has seen everything");
  await eventually(() => first.raw.of("uplink_ack").length === 50, "its own messages are answered");
  first.raw.socket.terminate();

  for (const n of upTo(250)) await write(750 + n);
  const second = await LegacyClient.login(port, "7", first.cursor);
  await Promise.all(upTo(50).map((n) => write(1_000 + n)));
  await eventually(() => second.texts.length === 300, "the second connection has seen the rest");
  expect([...first.texts, ...second.texts]).toEqual(upTo(1_050).map(String));
  const seqs = [...first.shown, ...second.shown];
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  expect(second.isLive).toBe(true);
  second.raw.socket.terminate();
  await im.close();
});
