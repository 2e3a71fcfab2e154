import { ImError } from "../../core/errors.js";
import type { DiscoveryHost } from "../contracts/discovery.js";
import type { EtcdPlace } from "./etcd-place.js";
import { EtcdSession } from "./etcd-session.js";
import { EtcdTurn } from "./etcd-turn.js";
import { KnownNodes } from "./known-nodes.js";
import type { Etcd3Library } from "./load-etcd3.js";
import type { NodeRecord } from "./node-record.js";
import { Pause } from "./pause.js";
import { Registration } from "./registration.js";
import { Teller } from "./teller.js";

/** A registration is prolonged so often while its lease lives. */
const BEATS_PER_LEASE = 3;
/** Between two sessions, ms, and as much again by chance. */
const RETRY_MS = 400;
/** What no waiting changes: etcd's own words for it. */
const TURNED_AWAY = /authentication failed|authentication is not enabled|permission denied|user name is empty/i;

/** What a node needs to know of its etcd. */
export interface EtcdNodeSettings {
  /** Its servers. */
  readonly places: readonly [EtcdPlace, ...EtcdPlace[]];
  readonly leaseSeconds: number;
}

/** One node's life with etcd: session after session, server after server. */
export class EtcdNode {
  readonly #settings: EtcdNodeSettings;
  readonly #id: string;
  readonly #teller: Teller;
  readonly #registration: Registration;
  readonly #known = new KnownNodes();
  readonly #retry = new Pause();
  #turn: EtcdTurn | null = null;
  #isOver = false;

  constructor(settings: EtcdNodeSettings, host: DiscoveryHost) {
    const { id, address } = host;
    this.#settings = settings;
    this.#id = id;
    this.#teller = new Teller(host);
    const { leaseSeconds } = settings;
    this.#registration = new Registration({ id, address, leaseSeconds, onChange: () => this.#onRegistration() });
  }

  /**
   * Registers and watches until `end`. Rejects with `operation_failed` when it is turned away while it starts.
   * @param onReady called when it is registered and watches, time and again
   */
  async run(library: Etcd3Library, isStarting: () => boolean, onReady: () => void): Promise<void> {
    const { places } = this.#settings;
    for (let n = 0; !this.#isOver; n++) {
      const place = places[n % places.length] ?? places[0];
      const error = await this.#serve(library, place, onReady);
      const reason = `${place.text}: ${plain(error.message)}`;
      if (isStarting() && TURNED_AWAY.test(reason)) throw turnedAway(reason, error);
      this.#teller.tellCondition({ state: "down", reason });
      if (!this.#isOver) await this.#retry.for(RETRY_MS * (1 + Math.random()));
    }
  }

  /** Takes the registration back, for good. Never rejects. */
  leave(): Promise<void> {
    return this.#registration.leave(this.#turn?.session ?? null);
  }

  /** Gives everything back and is silent. */
  end(): void {
    this.#isOver = true;
    this.#teller.silence();
    this.#turn?.end();
    this.#retry.end();
  }

  /** Resolves with what ended it. */
  async #serve(library: Etcd3Library, place: EtcdPlace, onReady: () => void): Promise<Error> {
    try {
      this.#turn = this.#turnOf(new EtcdSession(library, place), onReady);
      return await this.#turn.run();
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      this.#turn = null;
    }
  }

  #turnOf(session: EtcdSession, onReady: () => void): EtcdTurn {
    return new EtcdTurn(session, (this.#settings.leaseSeconds * 1_000) / BEATS_PER_LEASE, {
      onList: (records, revision) => this.#onList(records, revision),
      onChange: (record) => this.#onChange(record),
      keep: () => this.#registration.keep(session),
      onBeat: () => {
        this.#teller.tellCondition({ state: "up" });
        onReady();
      },
    });
  }

  #onList(records: readonly NodeRecord[], revision: bigint): void {
    this.#known.replace(records);
    const own = records.find(({ id }) => id === this.#id);
    this.#registration.hear({ node: own?.node ?? null, revision });
    this.#tellView();
  }

  #onChange(record: NodeRecord): void {
    this.#known.change(record);
    if (record.id === this.#id) this.#registration.hear(record);
    this.#tellView();
  }

  #onRegistration(): void {
    const { self, isLeaving } = this.#registration;
    if (self === null && !isLeaving && this.#teller.state === "up") {
      this.#teller.tellCondition({
        state: "degraded",
        reason: "the registration has ended; another one is being made",
      });
      this.#turn?.hurry();
    }
    this.#tellView();
  }

  #tellView(): void {
    const { self } = this.#registration;
    this.#teller.tellView(self, this.#known.list(self));
  }
}

/** Without what the package has measured: the same reason reads the same each time. */
function plain(message: string): string {
  return message.replace(/Deadline exceeded after .*/s, "no answer in time").replace(/\.? Resolution note: $/, "");
}

function turnedAway(reason: string, cause: Error): ImError {
  return new ImError("operation_failed", { message: `${reason}. Look at auth and the rights of that user`, cause });
}
