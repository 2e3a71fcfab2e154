import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Door } from "../../../src/adapters/grpc/door.js";

const closing: (() => unknown)[] = [];
const doors: Door[] = [];
let onEnter: () => void = () => undefined;

async function openDoor(): Promise<{ readonly door: Door; readonly port: number }> {
  const door = new Door(() => onEnter());
  doors.push(door);
  return { door, port: await door.listen("127.0.0.1:0") };
}

/** Somebody who connects and says nothing. */
async function visit(port: number) {
  const socket: Socket = connect(port, "127.0.0.1").on("error", () => undefined);
  closing.push(() => socket.destroy());
  const visitor = { socket, peer: "", isOut: false, out: once(socket, "close") };
  socket.resume().on("close", () => {
    visitor.isOut = true;
  });
  await once(socket, "connect");
  visitor.peer = `127.0.0.1:${socket.localPort}`;
  return visitor;
}

/** Lets somebody in, and waits until they are. */
async function enter(port: number) {
  const inside = new Promise<void>((resolve) => {
    onEnter = resolve;
  });
  const visitor = await visit(port);
  await inside;
  return visitor;
}

describe("the door of a node", () => {
  // The time of the door stands still; its sockets are real.
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(async () => {
    vi.useRealTimers();
    for (const close of closing.splice(0)) close();
    for (const door of doors.splice(0)) await door.close();
  });

  it("S35: a thousand connections that say nothing keep a peer out for 10 s and no longer", async () => {
    const { door, port } = await openDoor();
    const silent: Awaited<ReturnType<typeof visit>>[] = [];
    while (silent.length < 1_000) silent.push(await enter(port));
    const early = await visit(port);
    await early.out;
    vi.advanceTimersByTime(10_000);
    await Promise.all(silent.map(({ out }) => out));
    const peer = await enter(port);
    door.heard(peer.peer);
    vi.advanceTimersByTime(60_000);
    const later = await enter(port);
    expect([peer.isOut, later.isOut]).toEqual([false, false]);
  });

  it("who has said something that is no call is dropped as who has said nothing", async () => {
    const { port } = await openDoor();
    const chatty = await enter(port);
    chatty.socket.write("PRI * HTTP/2.0\r\n");
    vi.advanceTimersByTime(9_999);
    const other = await enter(port);
    expect(chatty.isOut).toBe(false);
    vi.advanceTimersByTime(1);
    await chatty.out;
    expect(other.isOut).toBe(false);
  });

  it("leaves no timer behind when it closes", async () => {
    const { door, port } = await openDoor();
    const silent = await enter(port);
    await door.close();
    await silent.out;
    expect(vi.getTimerCount()).toBe(0);
  });
});
