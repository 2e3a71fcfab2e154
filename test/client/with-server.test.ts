import { describe, expect, it } from "vitest";
import type { Transport } from "../../src/adapters/contracts/index.js";
import { memoryTransport } from "../../src/adapters/memory/memory-transport.js";
import type { Dial } from "../../src/client/contracts.js";
import { createClient } from "../../src/client/create-im-client.js";
import type { ImClient } from "../../src/client/im-client.js";
import type { ClientOptions } from "../../src/client/options.js";
import { ImError } from "../../src/core/errors.js";
import { createImServer } from "../../src/server/create-im-server.js";
import { SeededRandom } from "../../src/testing/fakes/random.js";
import { VirtualServerRuntime } from "../../src/testing/fakes/virtual-server-runtime.js";
import { settle, VirtualRuntime, VirtualTime } from "../../src/testing/fakes/virtual-time.js";
import { SimNetwork } from "../../src/testing/simulation/network/sim-network.js";

const START = 1_700_000_000_000;
/** How client and server are joined. */
interface Way {
  readonly transport: Transport;
  readonly dial: (own: VirtualRuntime) => Dial;
}

const nothing = () => undefined;

/** A token of this world is its end, ms after the start. */
const tokenUntil = (endMs: number) => ({ token: `${endMs}`, expiresAt: START + endMs });

/** A network on virtual time. It takes frames of any size. */
function simulated(time: VirtualTime, runtime: VirtualRuntime) {
  const tap = { onUp: nothing, onWaiting: nothing, onGoodbye: nothing, onDisturbed: nothing };
  const onDown = (_link: unknown, bytes: Uint8Array) => bytes;
  const network = new SimNetwork(time, new SeededRandom(1), { ...tap, onDown });
  return { transport: network.transport(runtime), dial: (own: VirtualRuntime) => network.dial("device", own) };
}

/** Sockets inside this process, which end for a frame above the limit. */
function inMemory() {
  const transport = memoryTransport();
  return { transport, dial: () => transport.dial };
}

/** The real server and a way for real clients to it, on one virtual clock. */
async function startServer(join: (time: VirtualTime, runtime: VirtualRuntime) => Way = simulated) {
  const time = new VirtualTime();
  const runtime = new VirtualServerRuntime(time, 2, START);
  const { transport, dial } = join(time, runtime);
  const state = { isBusy: false, checks: [] as string[] };
  const server = createImServer({
    auth: {
      authenticate: (token) => {
        state.checks.push(token);
        if (state.isBusy) throw new ImError("busy");
        return { userId: "alice", expiresAt: START + Number(token) };
      },
    },
    transport,
    logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    runtime,
  });
  await server.start();
  const connect = (options: Partial<ClientOptions>, aheadMs = 0): ImClient => {
    const own = new VirtualRuntime(time, 3, START + aheadMs);
    const platform = { runtime: own, dial: dial(own) };
    const client = createClient(platform, { url: "ws://simulated", token: `${2 ** 40}`, ...options });
    client.connect().catch(nothing);
    return client;
  };
  /** Lets time pass in steps that leave the sockets of this process their turns. */
  const pass = async (seconds: number) => {
    for (let step = 0; step < seconds; step++) {
      for (let turn = 0; turn < 10; turn++) await settle();
      await time.advance(1_000);
    }
  };
  return { time, state, connect, pass };
}

describe("client and server", () => {
  it("stay together over a renewal that the server is too busy for at first", async () => {
    const { time, state, connect } = await startServer();
    let calls = 0;
    const client = connect({ token: () => tokenUntil(++calls === 1 ? 600_000 : 6_000_000) });
    const states: string[] = [];
    client.on("state", ({ name }) => states.push(name));
    await time.advance(565_000);
    state.isBusy = true;
    await time.advance(8_000);
    state.isBusy = false;
    await time.advance(60_000);
    expect([states, calls]).toEqual([["online"], 2]);
    expect(state.checks).toEqual(["600000", "6000000", "6000000"]);
  });

  it("find together again when the server was busy until the old token ended", async () => {
    const { time, state, connect } = await startServer();
    let calls = 0;
    const client = connect({ token: () => tokenUntil(++calls === 1 ? 600_000 : 6_000_000) });
    await time.advance(565_000);
    state.isBusy = true;
    await time.advance(60_000);
    state.isBusy = false;
    await time.advance(60_000);
    expect([client.state.name, calls]).toEqual(["online", 2]);
  });

  it.each([-86_400_000, 86_400_000])("renew a token once when the client's clock is %i ms ahead", async (aheadMs) => {
    const { time, state, connect } = await startServer();
    let calls = 0;
    const client = connect({ token: () => tokenUntil(++calls * 600_000) }, aheadMs);
    const states: string[] = [];
    client.on("state", ({ name }) => states.push(name));
    await time.advance(900_000);
    expect([states, state.checks]).toEqual([["online"], ["600000", "1200000"]]);
  });

  it("lose nothing but the message the server takes no frame of", async () => {
    const { pass, connect } = await startServer(inMemory);
    const client = connect({ maxContentBytes: 200_000 });
    const [before, large, after] = ["before", "x".repeat(100_000), "after"].map((text) =>
      client.send({ to: { userId: "bob" }, text }).then(
        ({ seq }) => seq,
        ({ code }) => code,
      ),
    );
    await pass(30);
    expect(await Promise.all([before, large, after])).toEqual([1, "too_large", 2]);
    expect(client.state.name).toBe("online");
  });
});
