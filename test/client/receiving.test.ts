import { describe, expect, it } from "vitest";
import type { ClientStore } from "../../src/client/contracts.js";
import { messageIdOf } from "../../src/core/model.js";
import { bench, online, sendTexts } from "./bench.js";
import { item, ORIGIN, push, uplinkAck } from "./fake-platform.js";
import { FaultyStore } from "./faulty-store.js";

const cursorOf = async (store: ClientStore) => (await store.load())?.position.cursor;

describe("receiving", () => {
  it("I6: shows every item once and in order, over any number of connections", async () => {
    const { platform, socket, shown } = await online({}, { headSeq: 5 });
    socket.say(push(1), push(2), push(2), push(1));
    socket.say(push(4));
    await platform.settle();
    socket.end();
    await platform.nextSocket();
    const next = await platform.accept({ headSeq: 5 });
    next.say(push(3), push(4), push(5), push(3));
    await platform.settle();
    expect(shown()).toEqual([1, 2, 3, 4, 5]);
  });

  it("Q2: never moves the cursor over a missing item", async () => {
    const { platform, store, socket, shown } = await online();
    socket.say(push(1));
    socket.say(push(3));
    await platform.settle();
    expect([shown(), await cursorOf(store)]).toEqual([[1], 1]);
  });

  it("Q3: an answer to an own message never moves the cursor (I7)", async () => {
    const { platform, store, im, socket } = await online();
    sendTexts(im, "hello");
    await platform.settle();
    socket.say(uplinkAck(socket.uplinks[0]?.clientId ?? 0, 900));
    await platform.settle();
    expect(await cursorOf(store)).toBe(0);
    socket.end();
    const next = await platform.nextSocket();
    next.open();
    expect(next.login.cursor).toBe(0);
  });

  it("I7: a login's answer never moves the cursor forward", async () => {
    const { platform, store, socket, shown } = await online({}, { seq: 50, headSeq: 50 });
    socket.say(push(1));
    await platform.settle();
    expect([shown(), await cursorOf(store)]).toEqual([[1], 1]);
  });

  it("Q11: saves the items of one frame and the cursor in one change, and shows them only then", async () => {
    const store = new FaultyStore();
    const { platform, socket, shown } = await online({ store });
    store.changes.length = 0;
    store.hold();
    socket.say(push(1), push(2), push(3));
    await platform.settle();
    expect(shown()).toEqual([]);
    store.release();
    await platform.settle();
    expect(shown()).toEqual([1, 2, 3]);
    expect(store.changes.map(({ items, position }) => [items?.length, position?.cursor])).toEqual([[3, 3]]);
  });

  it("shows what was being saved when the connection went, and asks for what comes after it", async () => {
    const store = new FaultyStore();
    const { platform, socket, shown } = await online({ store });
    store.hold();
    socket.say(push(1));
    socket.say(push(2));
    socket.end();
    await platform.time.advance(10_000);
    expect(platform.sockets).toHaveLength(1);
    store.release();
    await platform.settle();
    expect(shown()).toEqual([1]);
    platform.socket.open();
    expect(platform.socket.login.cursor).toBe(1);
  });

  it("shows what was being saved when the client was closed", async () => {
    const store = new FaultyStore();
    const { platform, im, socket, shown } = await online({ store });
    store.hold();
    socket.say(push(1));
    await platform.settle();
    const closed = im.close();
    store.release();
    await closed;
    expect(shown()).toEqual([1]);
    expect(await cursorOf(store)).toBe(1);
  });

  it("tells the server how far it is, at most every two seconds", async () => {
    const { platform, socket } = await online();
    socket.say(push(1));
    await platform.time.advance(1_000);
    socket.say(push(2));
    await platform.time.advance(60_000 - 1_000);
    expect(socket.of("push_ack")).toEqual([{ kind: "push_ack", cursor: 2 }]);
  });

  it("goes on when a listener throws, and reports it", async () => {
    const { platform, im, socket, shown, told } = await online();
    im.on("message", () => {
      throw new Error("the page is broken");
    });
    socket.say(push(1), push(2));
    await platform.settle();
    expect([shown(), told.error.length]).toEqual([[1, 2], 2]);
    expect(told.error[0]).toMatchObject({ code: "operation_failed", message: 'a listener of "message" threw' });
  });

  it("shows the rest of a batch when a listener closes the client", async () => {
    const { platform, im, socket, shown } = await online();
    im.on("message", () => void im.close());
    socket.say(push(1), push(2));
    await platform.settle();
    expect(shown()).toEqual([1, 2]);
  });
});

describe("receiving: messages as the application sees them", () => {
  async function shownAs(message: Partial<ReturnType<typeof item>["message"]>) {
    const { platform, socket, told } = await online();
    const { seq, message: usual } = item(1);
    socket.say({ kind: "push", item: { seq, message: { ...usual, ...message } } });
    await platform.settle();
    return told.message[0];
  }

  it("names a single conversation by the other user", async () => {
    const incoming = await shownAs({ senderId: "bob", target: { kind: "single", id: "alice" } });
    const outgoing = await shownAs({ senderId: "alice", target: { kind: "single", id: "bob" } });
    expect([incoming?.conversation, incoming?.own]).toEqual([{ kind: "single", id: "bob" }, false]);
    expect([outgoing?.conversation, outgoing?.own]).toEqual([{ kind: "single", id: "bob" }, true]);
  });

  it("names a conversation with oneself by oneself", async () => {
    const note = await shownAs({ senderId: "alice", target: { kind: "single", id: "alice" } });
    expect([note?.conversation, note?.own]).toEqual([{ kind: "single", id: "alice" }, true]);
  });

  it("names a group conversation by the group", async () => {
    const message = await shownAs({ senderId: "bob", target: { kind: "group", id: "9" } });
    expect(message?.conversation).toEqual({ kind: "group", id: "9" });
  });

  it("has no sender and no other user when the system speaks", async () => {
    const message = await shownAs({ senderId: null, target: { kind: "single", id: "alice" } });
    expect(message).toMatchObject({ conversation: { kind: "single", id: "" }, senderId: null, own: false });
  });

  it("has its place in the conversation, which is another than that in the inbox", async () => {
    expect(await shownAs({ conversationSeq: 41 })).toMatchObject({ seq: 1, conversationSeq: 41 });
  });

  it("carries text for texts only, and the server's time", async () => {
    const text = await shownAs({ type: 1, content: new TextEncoder().encode("grüß dich 👋") });
    const picture = await shownAs({ type: 2, content: Uint8Array.of(1) });
    const other = await shownAs({ type: 1_234, content: Uint8Array.of(1) });
    expect(text).toMatchObject({ type: "text", text: "grüß dich 👋", sentAt: 1_700_000_000_000 });
    expect([picture?.type, picture && "text" in picture, other?.type]).toEqual(["picture", false, 1_234]);
  });
});

describe("restored storage", () => {
  /** A client that has shown items 1 … 3, of which 2 and 3 are its own messages. */
  async function beforeRestore(store?: ClientStore) {
    const made = await online(store === undefined ? {} : { store });
    sendTexts(made.im, "two", "three");
    await made.platform.settle();
    const [two = 0, three = 0] = made.socket.uplinks.map(({ clientId }) => clientId);
    made.socket.say(push(1), uplinkAck(two, 2), uplinkAck(three, 3));
    made.socket.say(push(2, { clientId: two }), push(3, { clientId: three }));
    await made.platform.settle();
    made.socket.end();
    await made.platform.nextSocket();
    return { ...made, two, three };
  }
  const reset = { reset: true, syncEpoch: "epoch-2" };

  it("I18: goes back to the base and takes the new epoch, for good", async () => {
    const { platform, store } = await beforeRestore();
    await platform.accept({ ...reset, seq: 1, headSeq: 4 });
    expect((await store.load())?.position).toMatchObject({
      cursor: 1,
      cursorMessageId: null,
      syncEpoch: "epoch-2",
      resyncUntil: 4,
    });
  });

  it("I7: never goes forward by a reset", async () => {
    const { platform, store } = await beforeRestore();
    await platform.accept({ ...reset, seq: 50, headSeq: 60 });
    expect(await cursorOf(store)).toBe(3);
  });

  it("I6: shows nothing again that was shown before, although its seq is another", async () => {
    const { platform, shown, told, three } = await beforeRestore();
    const socket = await platform.accept({ ...reset, seq: 0, headSeq: 3 });
    socket.say(push(1, { id: 77 }), push(2, { id: 1 }), push(3, { clientId: three }));
    await platform.settle();
    expect(shown()).toEqual([1, 2, 3, 1]);
    expect(told.message[3]?.messageId).toBe(messageIdOf("bbbbbbbbbbbbbbbb", 77));
  });

  it("sends nothing until the head of the reset is reached", async () => {
    const { platform, im } = await beforeRestore();
    const socket = await platform.accept({ ...reset, seq: 1, headSeq: 3 });
    sendTexts(im, "four");
    socket.say(push(2, { id: 50 }));
    await platform.settle();
    expect(socket.uplinks).toEqual([]);
    socket.say(push(3, { id: 51 }));
    await platform.settle();
    expect(socket.uplinks.length).toBeGreaterThan(0);
  });

  it("sends nothing after a re-sync that ends when the server is about to go", async () => {
    const { platform, im } = await beforeRestore();
    const socket = await platform.accept({ ...reset, seq: 1, headSeq: 2 });
    sendTexts(im, "four");
    socket.say({ kind: "go_away", reconnectAfterMs: 1_000 }, push(2, { id: 50 }));
    await platform.settle();
    expect(socket.uplinks).toEqual([]);
  });

  it("sends own messages again that the re-sync did not show, under their ids and before later ones", async () => {
    const { platform, im, told, two, three } = await beforeRestore();
    const socket = await platform.accept({ ...reset, seq: 1, headSeq: 2 });
    sendTexts(im, "four");
    await platform.settle();
    socket.say(push(2, { clientId: three }));
    await platform.settle();
    const [first, second] = socket.uplinks;
    expect([first?.clientId, first?.afterClientId, second?.afterClientId]).toEqual([two, 0, two]);
    socket.say(uplinkAck(two, 3, { syncEpoch: "epoch-2" }), push(3, { clientId: two }));
    await platform.settle();
    expect(told.message).toHaveLength(3);
    expect(im.outbox.map(({ text }) => text)).toEqual(["four"]);
  });

  it("leaves alone what was stored below the base", async () => {
    const { platform, three } = await beforeRestore();
    const socket = await platform.accept({ ...reset, seq: 2, headSeq: 2 });
    expect(socket.uplinks.map(({ clientId }) => clientId)).toEqual([three]);
  });

  it("goes on with a re-sync on the next connection, and after a restart", async () => {
    const { platform, im, store, two, three } = await beforeRestore();
    const socket = await platform.accept({ ...reset, seq: 1, headSeq: 3 });
    socket.say(push(2, { clientId: two }));
    await platform.settle();
    socket.end();
    await platform.nextSocket();
    const again = await platform.accept({ syncEpoch: "epoch-2", headSeq: 3 });
    expect([again.login.cursor, again.uplinks]).toEqual([2, []]);
    await im.close();

    const restarted = bench({ store });
    void restarted.im.connect();
    await restarted.platform.settle();
    const last = await restarted.platform.accept({ syncEpoch: "epoch-2", headSeq: 3 });
    expect(last.uplinks).toEqual([]);
    last.say(push(3, { id: 60 }));
    await restarted.platform.settle();
    expect(last.uplinks.map(({ clientId }) => clientId)).toEqual([three]);
  });

  it("skips a message that another member brings back later, long after the re-sync", async () => {
    const { platform, shown } = await beforeRestore();
    const socket = await platform.accept({ ...reset, seq: 0, headSeq: 0 });
    socket.say(push(1, { id: 88 }));
    await platform.settle();
    socket.say(push(2, { id: 1 }));
    await platform.settle();
    expect(shown()).toEqual([1, 2, 3, 1]);
  });

  it("forgets the stash of the old history", async () => {
    const { platform, socket, told } = await online();
    socket.say(push(2, { id: 5 }));
    socket.end();
    await platform.nextSocket();
    const next = await platform.accept({ ...reset, seq: 0, headSeq: 2 });
    next.say(push(1, { id: 6 }), push(2, { id: 7 }));
    await platform.settle();
    expect(told.message.map(({ messageId }) => messageId)).toEqual([6, 7].map((id) => messageIdOf("b".repeat(16), id)));
  });

  it("saves the end of the re-sync in one change with what goes back to the outbox", async () => {
    const store = new FaultyStore();
    const { platform, two, three } = await beforeRestore(store);
    const socket = await platform.accept({ ...reset, seq: 1, headSeq: 2 });
    store.changes.length = 0;
    socket.say(push(2, { id: 70 }));
    await platform.settle();
    expect(store.changes[0]).toMatchObject({ position: { cursor: 2, resyncUntil: null }, removeSent: [two, three] });
    expect(store.changes[0]?.putOutbox?.map(({ clientId }) => clientId)).toEqual([two, three]);
  });

  it("I18: sends what went back also when the connection was cut while the reset was being saved", async () => {
    const store = new FaultyStore();
    const { platform, two, three } = await beforeRestore(store);
    store.hold();
    await platform.accept({ ...reset, seq: 1, headSeq: 1 });
    platform.socket.end();
    store.release();
    await platform.nextSocket();
    const last = await platform.accept({ syncEpoch: "epoch-2", headSeq: 1 });
    expect(last.uplinks.map(({ clientId }) => clientId)).toEqual([two, three]);
  });

  it("settles a message that went back without a second answer to its send()", async () => {
    const { platform, told, two, three } = await beforeRestore();
    expect(told.sent).toHaveLength(2);
    const socket = await platform.accept({ ...reset, seq: 1, headSeq: 1 });
    for (const id of [two, three]) socket.say(uplinkAck(id, 2, { syncEpoch: "epoch-2" }));
    await platform.settle();
    expect(told.sent.map(({ messageId }) => messageId)).toEqual(
      [two, three, two, three].map((id) => messageIdOf(ORIGIN, id)),
    );
  });
});

describe("a failing store", () => {
  it("shows nothing that was not saved, drops the connection and goes on from the store's state", async () => {
    const store = new FaultyStore();
    const { platform, im, socket, shown, told } = await online({ store });
    store.failures.push("apply");
    socket.say(push(1), push(2));
    await platform.settle();
    expect([shown(), im.state.name, told.error.map(({ code }) => code)]).toEqual([[], "waiting", ["store_failed"]]);
    if (platform.sockets.length === 1) await platform.nextSocket();
    const next = await platform.accept({ headSeq: 2 });
    expect(next.login.cursor).toBe(0);
    next.say(push(1), push(2));
    await platform.settle();
    expect(shown()).toEqual([1, 2]);
  });

  it("is the same when it cannot tell what was shown before", async () => {
    const store = new FaultyStore();
    const { platform, im, socket, shown } = await online({ store });
    store.failures.push("known");
    socket.say(push(1));
    await platform.settle();
    expect([shown(), im.state.name]).toEqual([[], "waiting"]);
  });

  it("rejects the send that it could not save, and takes the next one", async () => {
    const store = new FaultyStore();
    const { platform, im, told } = bench({ store });
    sendTexts(im, "zero");
    await platform.settle();
    store.failures.push("apply");
    const [one] = sendTexts(im, "one");
    await platform.settle();
    const [two] = sendTexts(im, "two");
    await platform.settle();
    expect([one?.code, two?.state, told.error.length]).toEqual(["store_failed", "open", 1]);
    expect(im.outbox.map(({ text }) => text)).toEqual(["zero", "two"]);
  });

  it("keeps a message open whose outcome it could not save, and asks the server again", async () => {
    const store = new FaultyStore();
    const { platform, im, socket, told } = await online({ store });
    const [outcome] = sendTexts(im, "one");
    await platform.settle();
    const [clientId = 0] = socket.uplinks.map((uplink) => uplink.clientId);
    store.failures.push("apply");
    socket.say(uplinkAck(clientId, 4));
    await platform.settle();
    expect([outcome?.state, told.sent]).toEqual(["open", []]);
    if (platform.sockets.length === 1) await platform.nextSocket();
    const next = await platform.accept();
    expect(next.uplinks.map((uplink) => uplink.clientId)).toEqual([clientId]);
    next.say(uplinkAck(clientId, 4));
    await platform.settle();
    expect([outcome?.state, told.sent.length]).toEqual(["resolved", 1]);
  });

  it("is tried again when it cannot be read at first", async () => {
    const store = new FaultyStore();
    store.failures.push("load", "load");
    const { platform, im, told } = bench({ store });
    void im.connect();
    await platform.nextSocket();
    await platform.accept();
    expect([im.state.name, told.error.length]).toEqual(["online", 2]);
  });

  it("signs in again when the position of a login could not be saved", async () => {
    const store = new FaultyStore();
    const { platform, im } = bench({ store });
    void im.connect();
    await platform.settle();
    store.failures.push("apply");
    await platform.accept();
    expect(im.state.name).toBe("waiting");
    if (platform.sockets.length === 1) await platform.nextSocket();
    await platform.accept();
    expect([im.state.name, (await store.load())?.position.userId]).toEqual(["online", "alice"]);
  });
});
