import type { Place } from "./place.js";

/** What people call a service on the command line. */
export type ServiceName = "mariadb" | "postgres" | "redis" | "etcd" | "rabbitmq" | "kafka" | "mysql8";

/** A program that tests talk to over a real connection. */
export interface Service {
  readonly name: ServiceName;
  /** The environment variable that names one which is there already. It is neither installed nor started nor stopped. */
  readonly variable: string;
  /** How a private one is run here; `null` where there is no package of it, so that it can only be given. */
  readonly recipe: Recipe | null;
  /** Says what it is and its version, as in `Redis 7.0.15`. Rejects as long as it does not serve. */
  greet(url: string): Promise<string>;
  /** Why one that is given and greets so is not what the tests mean, and what to do; `null`: it is. */
  objectTo?(greeting: string): string | null;
}

/** How to run a private one. */
export interface Recipe {
  /** Where it serves, on this machine alone. */
  readonly url: string;
  /** What has to be free before it starts. */
  readonly ports: readonly number[];
  /** The Debian packages that bring its programs. */
  readonly packages: readonly string[];
  /** The programs it cannot do without. */
  readonly programs: readonly string[];
  /** Whom it runs as when root starts it, so that what reaches it never acts as root. */
  readonly user: string;
  /** What no package brings; done as whoever runs the command, and kept from start to start. */
  fetch?(place: Place): Promise<void>;
  /** Fills `place.data`, which is new and empty at every start. */
  initialise(place: Place): Promise<void>;
  /** What runs, in the order of starting. */
  daemons(place: Place): readonly Daemon[];
}

/** One process that stays. */
export interface Daemon {
  /** The program with its path, and its arguments. */
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A part of its command line that no other process has: how it is known again later. */
  readonly mark: string;
  /** What asks it to end. */
  readonly endSignal: NodeJS.Signals;
}
