import { assertThat } from "../assert.js";
import { roundTrips } from "./round-trips.js";
import { assertNumbered, numberedFrame } from "./test-frames.js";
import { MAX_FRAME_BYTES, type Pair, type TransportCases } from "./transport-stage.js";
import { nextTurn, until } from "./until.js";

const PILE_BYTES = 1_048_576;
const MAX_ROUNDS = 64;

/** Sends largest frames until what the system holds for the reader is full and a pile stays in the process. */
async function pileUp({ server }: Pair): Promise<number> {
  let sent = 0;
  for (let round = 0; round < MAX_ROUNDS && server.socket.bufferedBytes < PILE_BYTES; round++) {
    for (let i = 0; i < 64; i++) server.socket.send(numberedFrame(sent++, MAX_FRAME_BYTES));
    for (let i = 0; i < 10; i++) await nextTurn();
  }
  return sent;
}

/** What a client does not read is counted, and is nobody else's trouble. */
export const backlogCases: TransportCases = (it) => {
  it("counts what a client does not read, and counts down and calls onFlushed when it reads", async (stage) => {
    const pair = await stage.pair();
    const { client, server } = pair;
    client.stopReading();
    const sent = await pileUp(pair);
    const piled = server.socket.bufferedBytes;
    assertThat(piled >= PILE_BYTES, `at least ${PILE_BYTES} bytes wait in the process, not ${piled}`);
    assertThat(piled <= sent * (MAX_FRAME_BYTES + 64), "no more bytes wait than were sent");
    const flushedBefore = server.flushed;
    client.startReading();
    await until("nothing waits any more", () => server.socket.bufferedBytes === 0);
    await until("all arrive", () => client.received.length >= sent);
    assertNumbered(client.received, sent, MAX_FRAME_BYTES);
    assertThat(server.flushed > flushedBefore, "onFlushed was called while the pile fell");
  });

  it("serves others while one client does not read", async (stage) => {
    const slow = await stage.pair();
    slow.client.stopReading();
    await pileUp(slow);
    await roundTrips(stage);
  });
};
