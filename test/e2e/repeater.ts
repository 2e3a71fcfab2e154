import { isDeepStrictEqual } from "node:util";
import type { UplinkAckFrame } from "../../src/core/frames.js";
import { LOGIN, RawClient, uplink } from "./raw-client.js";
import { eventually, upTo } from "./stage.js";
import type { Letter } from "./writer.js";

const instanceId = new Uint8Array(16).fill(9);

/** A client without manners: on every visit it sends all it ever sent once more, and a few new ones, in one go. */
export class Repeater {
  readonly userId: string;
  readonly #receiver: string;
  readonly #answers = new Map<number, UplinkAckFrame[]>();
  #written = 0;
  #client: RawClient | null = null;

  constructor(userId: string, receiver: string) {
    this.userId = userId;
    this.#receiver = receiver;
  }

  /** Connects, signs in and sends; `fresh` of it for the first time. Returns at once, whatever becomes of it. */
  visit(port: number, fresh: number): void {
    this.leave();
    const client = new RawClient(port);
    this.#client = client;
    this.#written += fresh;
    client.socket.on("open", () => client.send({ ...LOGIN, token: this.userId, instanceId }));
    client.socket.on("message", () => {
      for (const frame of client.frames.splice(0)) {
        if (frame.kind === "login_ack") this.#sendAll(client);
        if (frame.kind === "uplink_ack") this.#note(frame);
      }
    });
  }

  /** Resolves when every message was answered at least once. */
  async answered(): Promise<void> {
    await eventually(() => this.#answers.size === this.#written, "the repeater has all its answers");
  }

  leave(): void {
    this.#client?.socket.terminate();
  }

  /** How many answers came to messages that had been answered before. */
  get repeats(): number {
    return [...this.#answers.values()].flat().length - this.#answers.size;
  }

  /** Answers that differ from the first one to the same message. */
  get changedAnswers(): UplinkAckFrame[] {
    return [...this.#answers.values()].flatMap(([first, ...later]) =>
      later.filter((answer) => !isDeepStrictEqual(answer, first)),
    );
  }

  /** What was acknowledged, by the first answers. */
  get letters(): Letter[] {
    return [...this.#answers].flatMap(([clientId, [first]]) =>
      first === undefined ? [] : [{ ...this.#letter(clientId), messageId: first.messageId, seq: first.seq }],
    );
  }

  #sendAll(client: RawClient): void {
    for (const clientId of upTo(this.#written)) {
      client.send(uplink(clientId, this.#receiver, this.#letter(clientId).text));
    }
  }

  #letter(clientId: number) {
    return { from: this.userId, to: { userId: this.#receiver }, text: `${this.userId} ${clientId}` };
  }

  #note(frame: UplinkAckFrame): void {
    const known = this.#answers.get(frame.clientId) ?? [];
    this.#answers.set(frame.clientId, [...known, frame]);
  }
}
