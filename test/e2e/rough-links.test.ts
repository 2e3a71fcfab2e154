import { expect, it } from "vitest";
import { SeededRandom } from "../../src/testing/fakes/random.js";
import { eventually, NO_RATE, openClient, openServer, type Seat, upTo } from "./stage.js";
import { TcpProxy } from "./tcp-proxy.js";

const MESSAGES = 10_000;
const FAULTS = 200;
/** Allocator noise of a run; the 10,000 messages themselves, kept by mistake, would be far more. */
const HEAP_NOISE_BYTES = 6 * 2 ** 20;

const texts = (seat: Seat, from: string) => seat.shown.filter((m) => m.senderId === from).map((m) => m.text);
const expected = (from: string) => upTo(MESSAGES / 2).map((n) => `${from} ${n}`);

async function heapBytes(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

const handles = (): string[] => process.getActiveResourcesInfo().filter((name) => /TCP|Timeout|Pipe/.test(name));

/** Two people write `messages` messages while one of their links is cut or stalled at every `messages / faults`-th. */
async function converse(
  messages: number,
  faults: number,
  seed: number,
): Promise<{ ada: Seat; bob: Seat; faults: number }> {
  const { im, port } = await openServer({ limits: { ...NO_RATE, heartbeatMs: 200 } });
  const proxies = [await TcpProxy.open(port), await TcpProxy.open(port)] as const;
  const ada = openClient("ada", proxies[0].port);
  const bob = openClient("bob", proxies[1].port);
  const random = new SeededRandom(seed);
  let done = 0;
  const harm = () => {
    const due = Math.floor(((ada.shown.length + bob.shown.length) / (2 * messages)) * (faults + 1));
    if (due <= done || done >= faults) return;
    const proxy = random.pick(proxies);
    if (proxy.openLinks === 0) return;
    done++;
    if (random.chance(0.75)) proxy.cut();
    else proxy.stall();
  };
  ada.client.on("message", harm);
  bob.client.on("message", harm);
  await Promise.all([ada.client.connect(), bob.client.connect()]);
  const sends = upTo(messages / 2).flatMap((n) => [
    ada.client.send({ to: { userId: "bob" }, text: `ada ${n}` }),
    bob.client.send({ to: { userId: "ada" }, text: `bob ${n}` }),
  ]);
  await Promise.all(sends);
  await eventually(() => Math.min(ada.shown.length, bob.shown.length) >= messages, "both have seen everything");
  await Promise.all([ada.client.close(), bob.client.close()]);
  await im.close();
  await Promise.all(proxies.map((proxy) => proxy.close()));
  return { ada, bob, faults: done };
}

it("I6: 10,000 messages over links that are cut or stalled 200 times arrive exactly once and in order on both sides", async () => {
  await converse(200, 4, 1);
  const heapBefore = await heapBytes();
  const handlesBefore = handles();
  await (async () => {
    const { ada, bob, faults } = await converse(MESSAGES, FAULTS, 7);
    expect(faults).toBe(FAULTS);
    for (const seat of [ada, bob]) {
      expect(seat.shown.map((m) => m.seq)).toEqual(upTo(MESSAGES));
      expect(texts(seat, "ada")).toEqual(expected("ada"));
      expect(texts(seat, "bob")).toEqual(expected("bob"));
    }
    expect(ada.shown.map((m) => m.messageId)).toEqual(bob.shown.map((m) => m.messageId));
  })();
  await eventually(() => handles().length <= handlesBefore.length, "every handle is given back");
  expect((await heapBytes()) - heapBefore).toBeLessThan(HEAP_NOISE_BYTES);
}, 170_000);
