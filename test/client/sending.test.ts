import { describe, expect, it } from "vitest";
import { memoryStore } from "../../src/client/stores/memory-store.js";
import { CLOSE } from "../../src/core/close-codes.js";
import { messageIdOf } from "../../src/core/model.js";
import { bench, online, sendTexts, watch } from "./bench.js";
import { EPOCH, nack, ORIGIN, push, uplinkAck } from "./fake-platform.js";
import { FaultyStore } from "./faulty-store.js";

const ids = (frames: readonly { clientId: number }[]) => frames.map(({ clientId }) => clientId);

describe("sending", () => {
  it("resolves with id and seq when the server has stored the message, and tells it", async () => {
    const { platform, im, socket, told } = await online();
    const [outcome] = sendTexts(im, "hello");
    await platform.settle();
    const [uplink] = socket.uplinks;
    expect(uplink).toMatchObject({ receiver: "bob", sessionType: 1, type: 1, sender: "alice", afterClientId: 0 });
    const clientId = uplink?.clientId ?? 0;
    socket.say(uplinkAck(clientId, 7));
    await platform.settle();
    const result = { messageId: messageIdOf(ORIGIN, clientId), seq: 7 };
    expect(outcome).toEqual({ state: "resolved", result });
    expect(told.sent).toEqual([{ ...result, clientId, to: { userId: "bob" } }]);
    expect(im.outbox).toEqual([]);
  });

  it("U13: works before connect; the message waits in the outbox until it can go", async () => {
    const { platform, im, told } = bench();
    const [outcome] = sendTexts(im, "hello");
    await platform.settle();
    expect(im.outbox).toMatchObject([{ to: { userId: "bob" }, type: "text", text: "hello", status: "waiting" }]);
    void im.connect();
    await platform.settle();
    const socket = await platform.accept();
    expect(im.outbox).toMatchObject([{ status: "sending" }]);
    socket.say(uplinkAck(socket.uplinks[0]?.clientId ?? 0));
    await platform.settle();
    expect([outcome?.state, told.sent.length]).toEqual(["resolved", 1]);
  });

  it("shows a message in the outbox until its outcome is told, so that it is nowhere missing meanwhile", async () => {
    const store = new FaultyStore();
    const { platform, im, socket, told } = await online({ store });
    sendTexts(im, "stored", "refused");
    await platform.settle();
    const [stored = 0, refused = 0] = ids(socket.uplinks);
    store.hold();
    socket.say(uplinkAck(stored), nack(refused, "blocked"));
    await platform.settle();
    const shown = im.outbox.map(({ text, status }) => [text, status]);
    expect(shown).toEqual([
      ["stored", "sending"],
      ["refused", "sending"],
    ]);
    expect([told.sent.length, told.refused.length]).toEqual([0, 0]);
    store.release();
    await platform.settle();
    expect([told.sent.length, told.refused.length, im.outbox]).toEqual([1, 1, []]);
    expect(told.outbox.at(-1)).toEqual([]);
  });

  it("shows a message once when its outcome could not be saved and the store is read again", async () => {
    const store = new FaultyStore();
    const { platform, im, socket } = await online({ store });
    sendTexts(im, "hello");
    await platform.settle();
    store.failures.push("apply");
    socket.say(uplinkAck(socket.uplinks[0]?.clientId ?? 0));
    await platform.settle();
    expect(im.outbox.length).toBeLessThanOrEqual(1);
    await platform.nextSocket();
    await platform.accept();
    expect(im.outbox.map(({ text, status }) => [text, status])).toEqual([["hello", "sending"]]);
  });

  it("U1: a retry keeps its id, over connections and over a restart on the same store", async () => {
    const first = await online();
    sendTexts(first.im, "hello");
    await first.platform.settle();
    first.socket.end();
    await first.platform.nextSocket();
    const second = await first.platform.accept();
    expect(ids(second.uplinks)).toEqual(ids(first.socket.uplinks));
    await first.im.close();

    const restarted = await online({ store: first.store });
    expect(ids(restarted.socket.uplinks)).toEqual(ids(first.socket.uplinks));
  });

  it("saves a message before it is transmitted", async () => {
    const store = new FaultyStore();
    const { platform, im, socket } = await online({ store });
    store.hold();
    sendTexts(im, "hello");
    await platform.settle();
    expect(socket.uplinks).toEqual([]);
    store.release();
    await platform.settle();
    expect(socket.uplinks).toHaveLength(1);
    expect(store.changes.at(-1)?.putOutbox).toHaveLength(1);
  });

  it("I8: keeps the order of the calls, also of those made while the store is read", async () => {
    const { platform, im } = bench();
    const texts = Array.from({ length: 30 }, (_, index) => `text ${index}`);
    sendTexts(im, ...texts.slice(0, 10));
    await Promise.resolve();
    sendTexts(im, ...texts.slice(10, 20));
    void im.connect();
    for (let tick = 0; tick < 5; tick++) await Promise.resolve();
    sendTexts(im, ...texts.slice(20));
    await platform.settle();
    const socket = await platform.accept();
    expect(socket.uplinks.map(({ content }) => new TextDecoder().decode(content))).toEqual(texts);
    expect(socket.uplinks.map(({ afterClientId }) => afterClientId)).toEqual([0, ...ids(socket.uplinks).slice(0, -1)]);
  });

  it("U3: an answer that overtakes everything still settles its message", async () => {
    const { platform, im, socket } = await online();
    const outcomes = sendTexts(im, "one", "two");
    await platform.settle();
    for (const id of ids(socket.uplinks).reverse()) socket.say(uplinkAck(id));
    await platform.settle();
    expect(outcomes.map(({ state }) => state)).toEqual(["resolved", "resolved"]);
  });

  it("tells the outcome once when the answer and the own copy both come", async () => {
    const { platform, im, socket, told } = await online();
    sendTexts(im, "one", "two");
    await platform.settle();
    const [one = 0, two = 0] = ids(socket.uplinks);
    socket.say(uplinkAck(one, 1), push(1, { clientId: one }), push(2, { clientId: two }), uplinkAck(two, 2));
    socket.say(uplinkAck(one, 1), uplinkAck(two, 2));
    await platform.settle();
    expect(told.sent.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(told.message.map(({ own }) => own)).toEqual([true, true]);
  });

  it("tells the outcome once when the answer comes while the own copy is being saved", async () => {
    const store = new FaultyStore();
    const { platform, im, socket, told } = await online({ store });
    sendTexts(im, "one");
    await platform.settle();
    const [clientId = 0] = ids(socket.uplinks);
    store.hold();
    socket.say(push(1, { clientId }));
    await platform.settle();
    socket.say(uplinkAck(clientId, 1));
    store.release();
    await platform.settle();
    expect([told.sent.length, told.message.length, im.outbox]).toEqual([1, 1, []]);
  });

  it("settles a message by its own copy when the answer was lost", async () => {
    const { platform, im, socket, told } = await online();
    const [outcome] = sendTexts(im, "hello");
    await platform.settle();
    const [clientId = 0] = ids(socket.uplinks);
    socket.end();
    await platform.nextSocket();
    const next = await platform.accept({ headSeq: 1 });
    next.say(push(1, { clientId }));
    await platform.settle();
    expect(outcome).toEqual({ state: "resolved", result: { messageId: messageIdOf(ORIGIN, clientId), seq: 1 } });
    expect([im.outbox, told.sent.length]).toEqual([[], 1]);
  });

  it("U15: rejects with the server's refusal, tells it, and never transmits the message again", async () => {
    const { platform, im, socket, told } = await online();
    const [outcome] = sendTexts(im, "hello");
    await platform.settle();
    socket.say(nack(socket.uplinks[0]?.clientId ?? 0, "blocked", { text: "bob does not want that" }));
    await platform.settle();
    expect(outcome).toEqual({ state: "rejected", code: "blocked" });
    expect(told.refused).toMatchObject([{ message: { text: "hello" }, error: { message: "bob does not want that" } }]);
    socket.end();
    await platform.nextSocket();
    await platform.accept();
    expect(platform.socket.uplinks).toEqual([]);
  });

  it("I10: keeps a message whose outcome is unknown, whatever happens to its connections", async () => {
    const { platform, im, told } = await online();
    const [outcome] = sendTexts(im, "hello");
    await platform.settle();
    for (let round = 0; round < 5; round++) {
      platform.socket.end();
      await platform.nextSocket();
      await platform.accept();
      expect(platform.socket.uplinks).toHaveLength(1);
    }
    expect([outcome?.state, told.refused]).toEqual(["open", []]);
  });

  it("brings a message again when the server was busy", async () => {
    const { platform, im, socket } = await online();
    const [outcome] = sendTexts(im, "hello");
    await platform.settle();
    const [clientId = 0] = ids(socket.uplinks);
    socket.say(nack(clientId, "busy", { retryAfterMs: 3_000 }));
    await platform.time.advance(3_000);
    expect(ids(socket.uplinks)).toEqual([clientId, clientId]);
    expect(outcome?.state).toBe("open");
  });

  it("brings a message again when the server found it out of order", async () => {
    const { platform, im, socket } = await online();
    sendTexts(im, "one", "two");
    await platform.settle();
    const [one = 0, two = 0] = ids(socket.uplinks);
    socket.say(nack(two, "out_of_order"), uplinkAck(one));
    await platform.settle();
    expect(ids(socket.uplinks)).toEqual([one, two, two]);
  });

  it("I18: drops answers of another epoch", async () => {
    const { platform, im, socket } = await online();
    const [outcome] = sendTexts(im, "hello");
    await platform.settle();
    const [clientId = 0] = ids(socket.uplinks);
    socket.say(uplinkAck(clientId, 1, { syncEpoch: "other" }), nack(clientId, "blocked", { syncEpoch: "other" }));
    await platform.settle();
    expect([outcome?.state, im.outbox.length]).toEqual(["open", 1]);
    socket.say(uplinkAck(clientId, 1, { syncEpoch: EPOCH }));
    await platform.settle();
    expect(outcome?.state).toBe("resolved");
  });

  it("has a window of 32, or as many as the option says", async () => {
    const texts = Array.from({ length: 50 }, () => "x");
    const usual = await online();
    sendTexts(usual.im, ...texts);
    const small = await online({ window: 3 });
    sendTexts(small.im, ...texts);
    await usual.platform.settle();
    await small.platform.settle();
    expect([usual.socket.uplinks.length, small.socket.uplinks.length]).toEqual([32, 3]);
  });

  it("I15: refuses with busy when the outbox is full, and takes more when there is room", async () => {
    const { platform, im, socket } = await online({ maxOutbox: 2 });
    const outcomes = sendTexts(im, "one", "two", "three");
    await platform.settle();
    expect(outcomes.map(({ state, code }) => code ?? state)).toEqual(["open", "open", "busy"]);
    socket.say(uplinkAck(socket.uplinks[0]?.clientId ?? 0));
    await platform.settle();
    const [fourth] = sendTexts(im, "four");
    await platform.settle();
    expect([fourth?.state, socket.uplinks.length]).toEqual(["open", 3]);
  });

  it("gives ids at random, not by counting, so that a cloned profile does not collide", async () => {
    const { platform, im, socket } = await online();
    sendTexts(im, ...Array.from({ length: 30 }, () => "x"));
    await platform.settle();
    const sorted = ids(socket.uplinks).sort((a, b) => a - b);
    expect(new Set(sorted).size).toBe(30);
    expect(sorted.every((id) => Number.isSafeInteger(id) && id >= 1)).toBe(true);
    expect((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)).toBeGreaterThan(2 ** 48);
  });
});

describe("sending: the end", () => {
  it("rejects what is open when the client closes; the next client on the store sends it", async () => {
    const { platform, im, store } = await online();
    const outcomes = sendTexts(im, "one", "two");
    await platform.settle();
    const late = sendTexts(im, "three");
    await im.close();
    expect([...outcomes, ...late].map(({ code }) => code)).toEqual(["closed", "closed", "closed"]);
    const next = await online({ store });
    expect(next.socket.uplinks.length).toBeGreaterThanOrEqual(2);
    expect(next.im.outbox.map(({ text }) => text).slice(0, 2)).toEqual(["one", "two"]);
  });

  it("gives up on what was never transmitted, after the time of sendTtlMs", async () => {
    const { platform, im, told } = bench({ sendTtlMs: 60_000 });
    const outcomes = sendTexts(im, "one");
    await platform.time.advance(30_000);
    outcomes.push(...sendTexts(im, "two"));
    await platform.time.advance(30_000);
    expect(outcomes.map(({ state, code }) => code ?? state)).toEqual(["expired", "open"]);
    expect(told.refused).toMatchObject([{ message: { text: "one" }, error: { code: "expired" } }]);
    await platform.time.advance(30_000);
    expect([outcomes[1]?.code, im.outbox]).toEqual(["expired", []]);
  });

  it("I10: never gives up on what may have reached the server", async () => {
    const { platform, im, socket } = await online({ sendTtlMs: 1_000 });
    const [outcome] = sendTexts(im, "one");
    await platform.settle();
    socket.end();
    await platform.time.advance(5_000);
    expect([outcome?.state, im.outbox.length]).toEqual(["open", 1]);
  });

  it("never gives up on what it found in the store, because an earlier run may have transmitted it", async () => {
    const store = memoryStore();
    const first = bench({ store });
    sendTexts(first.im, "one");
    await first.platform.settle();
    await first.im.close();
    const second = bench({ store, sendTtlMs: 1_000 });
    sendTexts(second.im, "two");
    await second.platform.time.advance(10_000);
    expect(second.im.outbox.map(({ text }) => text)).toEqual(["one"]);
  });
});

describe("sending: arguments", () => {
  it.each([
    [undefined, "invalid_argument", /send\(\) takes/],
    [{ text: "x" }, "invalid_argument", /to must be/],
    [{ to: { userId: "a", groupId: "b" }, text: "x" }, "invalid_argument", /to must be/],
    [{ to: { userId: "with space" }, text: "x" }, "invalid_user_id", /to\.userId.*"with space"/],
    [{ to: { groupId: "" }, text: "x" }, "invalid_user_id", /to\.groupId/],
    [{ to: { userId: "bob" }, text: 5 }, "invalid_argument", /text must be a string.*got 5/],
    [{ to: { userId: "bob" }, text: "x", type: "picture" }, "invalid_argument", /stand alone/],
    [{ to: { userId: "bob" }, type: "film", content: new Uint8Array() }, "invalid_argument", /type must be.*"film"/],
    [{ to: { userId: "bob" }, type: 100, content: new Uint8Array() }, "invalid_argument", /100–999 are reserved/],
    [{ to: { userId: "bob" }, type: 1.5, content: new Uint8Array() }, "invalid_argument", /got 1\.5/],
    [{ to: { userId: "bob" }, type: "voice", content: "x" }, "invalid_argument", /content must be a Uint8Array/],
    [{ to: { userId: "bob" }, text: "x".repeat(32_769) }, "too_large", /32768 bytes.*32769/],
  ])("refuses %j", async (request, code, message) => {
    const { im } = bench();
    await expect(im.send(request as never)).rejects.toMatchObject({ code, message });
    expect(im.outbox).toEqual([]);
  });

  it("takes pictures, voices and the application's own types", async () => {
    const { platform, im, socket } = await online();
    for (const type of ["picture", "voice", 1_000] as const) {
      void watch(im.send({ to: { groupId: "9" }, type, content: Uint8Array.of(1) }));
    }
    await platform.settle();
    expect(socket.uplinks.map(({ type, sessionType, receiver }) => [type, sessionType, receiver])).toEqual([
      [2, 2, "9"],
      [3, 2, "9"],
      [1_000, 2, "9"],
    ]);
    expect(im.outbox.map(({ type, to }) => [type, to])).toEqual([
      ["picture", { groupId: "9" }],
      ["voice", { groupId: "9" }],
      [1_000, { groupId: "9" }],
    ]);
  });

  it("copies the content, so that a later change of the bytes changes nothing", async () => {
    const { platform, im, socket } = await online();
    const content = Uint8Array.of(1, 2, 3);
    void watch(im.send({ to: { userId: "bob" }, type: "picture", content }));
    content.fill(9);
    await platform.settle();
    expect([...(socket.uplinks[0]?.content ?? [])]).toEqual([1, 2, 3]);
  });

  it("tells the outbox once per turn, however much changed", async () => {
    const { platform, im, socket, told } = await online();
    told.outbox.length = 0;
    sendTexts(im, "one", "two", "three");
    await platform.settle();
    expect(told.outbox.map((list) => list.map(({ status }) => status))).toEqual([["sending", "sending", "sending"]]);
    socket.say(...ids(socket.uplinks).map((id) => uplinkAck(id)));
    await platform.settle();
    expect(told.outbox.slice(1)).toEqual([[]]);
  });
});

describe("sending: a message the server takes no frame of", () => {
  it("is refused when it ends the connection, and the rest goes on", async () => {
    const { platform, im, socket, told, store } = await online();
    const outcomes = sendTexts(im, "small", "x".repeat(30_000), "last");
    await platform.settle();
    const [small, large, last] = ids(socket.uplinks);
    socket.end(CLOSE.tooLarge);
    const next = await platform.nextSocket();
    await platform.accept();
    expect(ids(next.uplinks)).toEqual([small, last]);
    expect(next.uplinks[1]?.afterClientId).toBe(small);
    expect(outcomes).toMatchObject([{ state: "open" }, { state: "rejected", code: "too_large" }, { state: "open" }]);
    expect(told.refused).toMatchObject([{ message: { clientId: large }, error: { code: "too_large" } }]);
    expect((await store.load())?.outbox.map(({ clientId }) => clientId)).toEqual([small, last]);
  });

  it("does not end the next client on the same store", async () => {
    const first = await online();
    sendTexts(first.im, "x".repeat(30_000));
    await first.platform.settle();
    await first.im.close();
    const { platform, im, socket, told } = await online({ store: first.store });
    socket.end(CLOSE.tooLarge);
    await platform.nextSocket();
    await platform.accept();
    expect([im.state.name, im.outbox, told.refused.length]).toEqual(["online", [], 1]);
  });

  it("cannot be one whose answer came", async () => {
    const { platform, im, socket } = await online();
    sendTexts(im, "x".repeat(30_000));
    await platform.settle();
    socket.say(nack(ids(socket.uplinks)[0] ?? 0, "busy", { retryAfterMs: 60_000 }));
    socket.end(CLOSE.tooLarge);
    expect(await im.closed).toMatchObject({ closeCode: CLOSE.tooLarge, error: { code: "too_large" } });
  });
});
