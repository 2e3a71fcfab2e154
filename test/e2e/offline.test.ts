import { memoryStore } from "shyim/client";
import { expect, it } from "vitest";
import { eventually, NO_RATE, openClient, openServer, upTo } from "./stage.js";

const OFFLINE = 5_000;
const LIVE = 500;

it("I6: a client that was offline for 5,000 messages gets each once and in order while new ones keep arriving", async () => {
  const { im, port } = await openServer({ limits: NO_RATE });
  const store = memoryStore();
  const before = openClient("bob", port, { store });
  await before.client.connect();
  await im.messages.send({ to: { userId: "bob" }, text: "0" });
  await eventually(() => before.shown.length === 1, "the first message is shown");
  await before.client.close();

  await Promise.all(upTo(OFFLINE).map((n) => im.messages.send({ to: { userId: "bob" }, text: `${n}` })));
  const after = openClient("bob", port, { store });
  const live: Promise<unknown>[] = [];
  const stop = after.client.on("message", ({ seq }) => {
    if (seq % (OFFLINE / LIVE) === 0)
      live.push(im.messages.send({ to: { userId: "bob" }, text: `${OFFLINE + live.length + 1}` }));
    if (live.length === LIVE) stop();
  });
  await after.client.connect();
  await eventually(() => after.shown.length === OFFLINE + LIVE, "everything is shown");
  expect(after.shown.map((m) => m.text)).toEqual(upTo(OFFLINE + LIVE).map(String));
  expect(after.shown[0]?.seq).toBe(2);
  await after.client.close();
  await im.close();
});

it("I6: two devices of one user see one stream, own messages of both included", async () => {
  const { im, port } = await openServer({ limits: NO_RATE });
  const phone = openClient("ada", port);
  const laptop = openClient("ada", port);
  const bob = openClient("bob", port);
  await Promise.all([phone, laptop, bob].map(({ client }) => client.connect()));
  await Promise.all(
    upTo(100).flatMap((n) => [
      phone.client.send({ to: { userId: "bob" }, text: `phone ${n}` }),
      laptop.client.send({ to: { userId: "bob" }, text: `laptop ${n}` }),
      bob.client.send({ to: { userId: "ada" }, text: `bob ${n}` }),
    ]),
  );
  const seats = [phone, laptop, bob];
  await eventually(() => seats.every(({ shown }) => shown.length === 300), "all devices have seen everything");
  const ids = (seat: (typeof seats)[number]) => seat.shown.map(({ seq, messageId }) => `${seq} ${messageId}`);
  expect(ids(laptop)).toEqual(ids(phone));
  expect(phone.shown.filter((m) => m.own).length).toBe(200);
  expect(ids(bob)).toEqual(ids(phone));
  await Promise.all(seats.map(({ client }) => client.close()));
  await im.close();
});
