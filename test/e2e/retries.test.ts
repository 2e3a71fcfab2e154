import { memoryStorage } from "shyim";
import { expect, it } from "vitest";
import { RawClient, uplink } from "./raw-client.js";
import { eventually, openServer } from "./stage.js";

const instanceId = new Uint8Array(16).fill(7);

it("I2: a retry after a lost ACK, from another connection, gets the same id and seq and stores nothing", async () => {
  const storage = memoryStorage();
  const { im, port } = await openServer({ storage });
  const first = await RawClient.open(port);
  await first.login("ada", { instanceId });
  first.send(uplink(42, "bob", "once"));
  await eventually(() => first.of("uplink_ack").length === 1, "the first copy is answered");
  first.socket.terminate();

  const second = await RawClient.open(port);
  await second.login("ada", { instanceId });
  second.send(uplink(42, "bob", "once"));
  await eventually(() => second.of("uplink_ack").length === 1, "the second copy is answered");
  expect(second.of("uplink_ack")[0]).toEqual(first.of("uplink_ack")[0]);
  const page = await storage.messages.readInbox("bob", 0, { maxItems: 10, maxBytes: 10_000 });
  expect(page.items.length).toBe(1);
  expect(page.headSeq).toBe(1);
  second.socket.terminate();
  await im.close();
});

it("I10: a refused message never appears, also when its sender becomes entitled between two copies", async () => {
  const storage = memoryStorage();
  const { im, port } = await openServer({ storage });
  const { id } = await im.groups.create({ name: "ops", ownerId: "bob", memberIds: [] });
  const ada = await RawClient.open(port);
  await ada.login("ada", { instanceId });
  const toGroup = { ...uplink(1, id, "let me in"), sessionType: 2 };
  ada.send(toGroup);
  await eventually(() => ada.of("nack").length === 1, "the first copy is refused");
  await im.groups.add(id, ["ada"]);
  ada.send(toGroup);
  await eventually(() => ada.of("nack").length === 2, "the late copy is refused");
  expect(ada.of("nack").map(({ code }) => code)).toEqual(["not_member", "not_member"]);
  ada.send({ ...toGroup, clientId: 2 });
  await eventually(() => ada.of("uplink_ack").length === 1, "a new message is stored");
  const page = await storage.messages.readInbox("bob", 0, { maxItems: 10, maxBytes: 10_000 });
  const texts = page.items.filter(({ message }) => message.type === 1);
  expect(texts.map(({ message }) => Buffer.from(message.content).toString())).toEqual(["let me in"]);
  expect(texts[0]?.message.messageId.endsWith("02")).toBe(true);
  ada.socket.terminate();
  await im.close();
});
