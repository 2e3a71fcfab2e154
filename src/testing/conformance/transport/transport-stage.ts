import type { Arrival, Refusal, Socket, Transport, TransportHost } from "../../../adapters/contracts/transport.js";
import { assertEqual, present } from "../assert.js";
import { RecordedSocket } from "./recorded-socket.js";
import type { TestClient, TransportFactory, TransportFixture } from "./transport-fixture.js";
import { until } from "./until.js";

/** The limit every case runs with. */
export const MAX_FRAME_BYTES = 65_536;

/** Both ends of one socket. */
export interface Pair {
  readonly client: TestClient;
  readonly server: RecordedSocket;
}

/** One case's transport with a host that writes down what happens. */
export class TransportStage implements TransportHost {
  readonly #fixture: TransportFixture;
  /** Every arrival `admit` was asked about. */
  readonly arrivals: Arrival[] = [];
  /** Every socket, in the order of opening. */
  readonly sockets: RecordedSocket[] = [];
  /** What `admit` answers. */
  refusal: Refusal | null = null;
  /** Runs inside `open`. */
  whenOpen: (socket: Socket) => void = () => undefined;

  private constructor(fixture: TransportFixture) {
    this.#fixture = fixture;
  }

  get transport(): Transport {
    return this.#fixture.transport;
  }

  admit(arrival: Arrival): Refusal | null {
    this.arrivals.push(arrival);
    return this.refusal;
  }

  open(socket: Socket): RecordedSocket {
    const recorded = new RecordedSocket(socket);
    this.sockets.push(recorded);
    this.whenOpen(socket);
    return recorded;
  }

  /** Opens a socket whose server end does not matter. */
  connect(): Promise<TestClient> {
    return this.#fixture.connect();
  }

  /** Opens a socket and finds its server end: one at a time. */
  async pair(): Promise<Pair> {
    const before = this.sockets.length;
    const client = await this.connect();
    await until("the server knows of the socket", () => this.sockets.length > before);
    return { client, server: present(this.sockets[before], "the server's end") };
  }

  /** Runs one case and checks what holds in every case: each socket ends exactly once and is silent then. */
  static async use(create: TransportFactory, body: (stage: TransportStage) => Promise<void>): Promise<void> {
    const fixture = await create();
    const stage = new TransportStage(fixture);
    fixture.transport.bind(stage, { maxFrameBytes: MAX_FRAME_BYTES });
    try {
      await fixture.transport.start();
      await body(stage);
    } finally {
      await fixture.transport.close();
      await fixture.dispose();
    }
    stage.#checkEnds();
  }

  #checkEnds(): void {
    for (const socket of this.sockets) {
      assertEqual(socket.closed.length, 1, "how often onClosed was called for one socket");
      assertEqual(socket.late, [], "calls after onClosed");
    }
  }
}

/** Registers one case. */
export type CaseRegister = (name: string, body: (stage: TransportStage) => Promise<void>) => void;

/** One topic's cases. */
export type TransportCases = (it: CaseRegister) => void;
