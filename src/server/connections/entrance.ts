import type { Arrival, Refusal, Socket, TransportHost } from "../../adapters/contracts/index.js";
import type { Limits } from "../limits.js";
import { Connection, type ConnectionServices } from "./connection.js";
import type { ConnectionTable } from "./table.js";

const RETRY_AFTER_MS = 5_000;

/** Lets sockets in, counts those that have not logged in, and makes a connection of each. */
export class Entrance implements TransportHost {
  readonly #table: ConnectionTable;
  readonly #limits: Limits;
  readonly #services: ConnectionServices;
  /** Sockets without a session, by address; bounded by `unauthenticatedTotal`. */
  readonly #waiting = new Map<string, number>();
  readonly #counted = new Set<Connection>();
  readonly #onOriginRefused: (address: string, origin: string) => void;
  #nextId = 1;

  /** Sockets that are open or still flushing. */
  #openSockets = 0;

  constructor(
    table: ConnectionTable,
    services: Omit<ConnectionServices, "onEnded" | "onSocketClosed">,
    onGone: (connection: Connection) => void,
    onOriginRefused: (address: string, origin: string) => void,
  ) {
    this.#table = table;
    this.#limits = services.limits;
    this.#onOriginRefused = onOriginRefused;
    const onEnded = (connection: Connection) => {
      this.signedIn(connection);
      table.remove(connection);
      onGone(connection);
    };
    const onSocketClosed = () => {
      this.#openSockets--;
    };
    this.#services = { ...services, onEnded, onSocketClosed };
  }

  /** Every socket is gone. */
  get isEmpty(): boolean {
    return this.#openSockets === 0;
  }

  admit(arrival: Arrival): Refusal | null {
    if (this.#counted.size >= this.#limits.unauthenticatedTotal) return { status: 503, retryAfterMs: RETRY_AFTER_MS };
    const waiting = this.#waiting.get(arrival.address) ?? 0;
    const isFull = waiting >= this.#limits.unauthenticatedPerAddress;
    return isFull ? { status: 429, retryAfterMs: RETRY_AFTER_MS } : null;
  }

  originRefused({ address }: Arrival, origin: string): void {
    this.#onOriginRefused(address, origin);
  }

  open(socket: Socket): Connection {
    const connection = new Connection(this.#nextId++, socket, this.#services);
    this.#openSockets++;
    this.#table.add(connection);
    this.#counted.add(connection);
    this.#waiting.set(socket.address, (this.#waiting.get(socket.address) ?? 0) + 1);
    return connection;
  }

  /** The connection no longer counts as one that has not logged in. Repeatable. */
  signedIn(connection: Connection): void {
    if (!this.#counted.delete(connection)) return;
    const left = (this.#waiting.get(connection.address) ?? 1) - 1;
    if (left > 0) this.#waiting.set(connection.address, left);
    else this.#waiting.delete(connection.address);
  }
}
