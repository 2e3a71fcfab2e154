import type { Storage } from "../adapters/contracts/index.js";
import { CLOSE } from "../core/close-codes.js";
import type { Emitter } from "../core/emitter.js";
import { ImError } from "../core/errors.js";
import type { UserId } from "../core/model.js";
import type { AccountsOptions } from "./accounts/accounts-options.js";
import type { Audit } from "./accounts/audit.js";
import { createAccounts } from "./accounts/create-accounts.js";
import type { FindByPhoneNumber } from "./accounts/find-by-phone-number.js";
import { createServerFriends } from "./accounts/friends.js";
import { GroupConsent } from "./accounts/group-consent.js";
import { createPeople, type People } from "./accounts/people.js";
import { createServerGroups } from "./accounts/server-groups.js";
import type { AuthOptions } from "./auth.js";
import type { ConnectionTable } from "./connections/table.js";
import type { Deadlines } from "./deadlines.js";
import type { Hooks } from "./delivery/admission.js";
import type { Router } from "./delivery/router.js";
import type { ServerFriends, ServerGroups, ServerUsers } from "./im-accounts.js";
import type { ImServerEvents } from "./im-server.js";
import type { Limits } from "./limits.js";
import type { Logger } from "./logger.js";
import type { ServerRuntime } from "./server-runtime.js";

/** Whose the users are, and so who is let in: the application's, or the built-in ones. */
export interface Gatekeeper {
  readonly auth: AuthOptions;
  readonly users: ServerUsers;
  readonly findByPhoneNumber: FindByPhoneNumber;
  /** The users are in the storage. */
  readonly isBuiltIn: boolean;
}

/** What decides who is let in. */
export interface GatekeeperServices {
  /** The application's own users. */
  readonly auth: AuthOptions | undefined;
  readonly accounts: AccountsOptions | undefined;
  readonly storage: Storage;
  readonly runtime: ServerRuntime;
  readonly logger: Logger;
  /** Ends every session of a user, here and on every other node. */
  readonly dismiss: (userId: UserId, reason: string) => number;
  /** Asks at once whether the sessions of a user still stand, here and on every other node. */
  readonly recheck: (userId: UserId) => void;
  readonly events: Emitter<ImServerEvents>;
  /** Throws `unavailable` unless the server runs. */
  readonly assertRunning: () => void;
}

/** Without an `auth` of the application the users are built in; says once when their tokens end with the process. */
export function createGatekeeper(services: GatekeeperServices): Gatekeeper {
  const { auth, accounts, storage, runtime, logger, dismiss, recheck, assertRunning } = services;
  if (auth !== undefined) return { auth, users: noUsers(), findByPhoneNumber: refuse, isBuiltIn: false };
  if (accounts?.keys === undefined) {
    logger.info(
      {},
      "tokens are signed with a random key of this process and end with it: set accounts.keys to keep them",
    );
  }
  const audit = auditOf(services.events);
  const disconnect = (userId: UserId) => dismiss(userId, "signed out everywhere");
  const surroundings = { store: storage.users, runtime, audit, disconnect, recheck, assertRunning };
  const built = createAccounts(accounts ?? {}, surroundings);
  return { ...built, isBuiltIn: true };
}

/**
 * Ends every session of a user here with close 4410; gives how many there were.
 * @param openedBy only those that were opened by then, elapsed ms
 */
export function kickAll(
  table: ConnectionTable,
  userId: UserId,
  reason: string,
  openedBy = Number.POSITIVE_INFINITY,
): number {
  const connections = [...table.ofUser(userId)].filter(({ openedAt }) => openedAt <= openedBy);
  for (const connection of connections) connection.kick(CLOSE.kicked, reason);
  return connections.length;
}

/** Friends and groups, as applications call them. */
export interface Study {
  readonly friends: ServerFriends;
  readonly groups: ServerGroups;
}

/** What the study needs of the other rooms. */
export interface StudyServices {
  readonly gatekeeper: Gatekeeper;
  readonly storage: Storage;
  readonly hooks: Hooks;
  readonly limits: Limits;
  readonly runtime: ServerRuntime;
  readonly deadlines: Deadlines;
  readonly router: Router;
  readonly events: Emitter<ImServerEvents>;
  /** Throws `unavailable` unless the server runs. */
  readonly assertRunning: () => void;
}

/** Connects the rooms of the study. */
export function createStudy(services: StudyServices): Study {
  const { storage, limits, deadlines, assertRunning } = services;
  const { auth, isBuiltIn, findByPhoneNumber } = services.gatekeeper;
  const people = createPeople(auth, isBuiltIn ? storage.users : null, deadlines);
  return {
    friends: createServerFriends({ ...storage, people, findByPhoneNumber, limits, assertRunning }),
    groups: createGroups(services, people),
  };
}

function createGroups(services: StudyServices, people: People): ServerGroups {
  const { storage, hooks, limits, runtime, deadlines, router, events, assertRunning } = services;
  const { groups, blocks } = storage;
  const consent = new GroupConsent({ people, blocks, canAddToGroup: hooks.canAddToGroup, deadlines });
  const [route, audit] = [router.route.bind(router), auditOf(events)];
  return createServerGroups({ groups, limits, people, consent, route, audit, runtime, assertRunning });
}

function auditOf(events: Emitter<ImServerEvents>): Audit {
  return (event) => events.emit("audit", event);
}

/** The application has users of its own. */
function noUsers(): ServerUsers {
  return {
    register: refuse,
    login: refuse,
    logOutEverywhere: refuse,
    me: refuse,
    profiles: refuse,
    rename: refuse,
    changePassword: refuse,
  };
}

/** What every call about the built-in users answers where there are none. */
function refuse(): Promise<never> {
  const message = "this server has an auth of its own; the built-in users exist only without one";
  return Promise.reject(new ImError("forbidden", { message }));
}
