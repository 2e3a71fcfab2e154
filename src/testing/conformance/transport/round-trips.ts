import type { TransportStage } from "./transport-stage.js";
import { until } from "./until.js";

/** Long enough for what was sent before to have arrived: another socket's round trips take the same way. */
export async function roundTrips(stage: TransportStage): Promise<void> {
  const { client, server } = await stage.pair();
  for (let i = 1; i <= 20; i++) {
    client.send(new Uint8Array([i]));
    await until("the other socket's frame arrives", () => server.frames.length === i);
    server.socket.send(new Uint8Array([i]));
    await until("the other socket's answer arrives", () => client.received.length === i);
  }
}
