import { assertEqual, assertThat } from "../assert.js";
import { assertNumbered, numberedFrame } from "./test-frames.js";
import type { TransportCases, TransportStage } from "./transport-stage.js";
import { until } from "./until.js";

const isLetIn = (stage: TransportStage): Promise<boolean> =>
  stage.connect().then(
    () => true,
    () => false,
  );

/** Who gets in. */
export const doorCases: TransportCases = (it) => {
  it("asks once per arrival, with the address that the socket has too", async (stage) => {
    const { server } = await stage.pair();
    assertEqual(stage.arrivals, [{ address: server.socket.address }], "the arrivals asked about");
    assertThat(server.socket.address.length > 0, "the address is not empty");
  });

  it("turns away whom admit refuses, and opens no socket", async (stage) => {
    stage.refusal = { status: 429, retryAfterMs: 1_500 };
    assertEqual(await isLetIn(stage), false, "whether the arrival was let in");
    assertEqual(stage.sockets.length, 0, "sockets opened");
    stage.refusal = null;
    assertEqual(await isLetIn(stage), true, "whether the next arrival was let in");
  });

  it("turns everyone away after stopAccepting, without asking, while open sockets go on", async (stage) => {
    const { client, server } = await stage.pair();
    stage.transport.stopAccepting({ status: 503, retryAfterMs: 1_000 });
    assertEqual(await isLetIn(stage), false, "whether the arrival was let in");
    assertEqual(stage.arrivals.length, 1, "arrivals asked about");
    client.send(numberedFrame(0));
    await until("the open socket's frame arrives", () => server.frames.length === 1);
    server.socket.send(numberedFrame(0));
    await until("the open socket's answer arrives", () => client.received.length === 1);
    assertNumbered(client.received, 1);
  });

  it("turns away, and lives on, when admit throws", async (stage) => {
    const admit = stage.admit;
    stage.admit = () => {
      throw new Error("admit failed");
    };
    assertEqual(await isLetIn(stage), false, "whether the arrival was let in");
    stage.admit = admit;
    assertEqual(await isLetIn(stage), true, "whether the next arrival was let in");
  });
};
