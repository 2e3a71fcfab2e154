import { connect } from "node:net";

/** A few words with a server: what is said first, and what to make of the answer. */
export interface Exchange<T> {
  readonly url: string;
  /** The port of addresses that name none. */
  readonly defaultPort: number;
  readonly hello?: Uint8Array;
  /** Gets everything received until now; `null`: wait for more. What it throws is the outcome, too. */
  readonly read: (received: Buffer) => T | null;
}

/** Connects, says hello, resolves with what was read and hangs up. Rejects after two seconds, or when the server hangs up. */
export function exchange<T>({ url, defaultPort, hello, read }: Exchange<T>): Promise<T> {
  const { hostname, port } = new URL(url);
  return new Promise<T>((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const socket = connect({ host: hostname, port: Number(port || defaultPort) });
    const fail = (error: Error): void => reject(new Error(`${hostname}:${port || defaultPort}: ${error.message}`));
    socket.setTimeout(2_000, () => socket.destroy(new Error("no answer within 2 s")));
    socket.once("connect", () => hello && socket.write(hello));
    socket.on("data", (data: Buffer) => {
      received = Buffer.concat([received, data]);
      try {
        const result = read(received);
        if (result !== null) resolve(result);
        if (result !== null) socket.destroy();
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    socket.once("error", fail);
    socket.once("close", () => fail(new Error("it hung up without an answer")));
  });
}
