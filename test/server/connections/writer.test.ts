import { describe, expect, it } from "vitest";
import { decodeServerFrames, encodeServerFrame } from "../../../src/core/codec.js";
import { Writer } from "../../../src/server/connections/writer.js";
import { VirtualRuntime, VirtualTime } from "../../../src/testing/fakes/virtual-time.js";
import { FakeSocket } from "../fake-transport.js";

function open() {
  const time = new VirtualTime();
  const messages: number[][] = [];
  const far = {
    onFrame: (bytes: Uint8Array) => {
      const frames = decodeServerFrames(bytes);
      messages.push(frames.map((frame) => (frame.kind === "go_away" ? frame.reconnectAfterMs : -1)));
    },
    onClosed: () => {},
    onPing: () => {},
  };
  const socket = new FakeSocket("a", time, far);
  return { time, messages, socket, writer: new Writer(socket, new VirtualRuntime(time)) };
}

/** Any frame that carries a number. */
const frame = (number: number): Uint8Array => encodeServerFrame({ kind: "go_away", reconnectAfterMs: number });

describe("the writer of a socket", () => {
  it("B9: what becomes ready in one turn leaves as one message, answers before pushes", async () => {
    const { time, messages, writer } = open();
    writer.push(frame(1));
    writer.reply(frame(2));
    writer.push(frame(3));
    writer.reply(frame(4));
    expect(messages).toEqual([]);
    await time.advance(0);
    expect(messages).toEqual([[2, 4, 1, 3]]);
  });

  it("what becomes ready in the next turn is the next message", async () => {
    const { time, messages, writer } = open();
    writer.push(frame(1));
    await time.advance(0);
    writer.reply(frame(2));
    await time.advance(0);
    expect(messages).toEqual([[1], [2]]);
  });

  it("for a legacy client everything keeps its order", async () => {
    const { time, messages, writer } = open();
    writer.keepOrder = true;
    for (const [index, write] of [writer.push, writer.reply, writer.push].entries()) write.call(writer, frame(index));
    await time.advance(0);
    expect(messages).toEqual([[0, 1, 2]]);
  });

  it("a flush sends at once, and the end of the turn sends nothing more", async () => {
    const { time, messages, socket, writer } = open();
    writer.reply(frame(1));
    writer.flush();
    expect(socket.bufferedBytes).toBeGreaterThan(0);
    writer.flush();
    await time.advance(0);
    expect(messages).toEqual([[1]]);
  });

  it("counts what is collected and what waits in the socket, and what has left", async () => {
    const { time, socket, writer } = open();
    socket.setFarReading(false);
    writer.push(frame(1));
    const collected = writer.bufferedBytes;
    expect(collected).toBe(frame(1).length);
    await time.advance(0);
    expect(writer.bufferedBytes).toBe(socket.bufferedBytes);
    expect(writer.bufferedBytes).toBeGreaterThanOrEqual(collected);
    expect(writer.flushedBytes).toBe(0);
    const waiting = writer.bufferedBytes;
    socket.setFarReading(true);
    expect(writer.bufferedBytes).toBe(0);
    expect(writer.flushedBytes).toBe(waiting);
  });
});
