/** Rare paths between several nodes. */
export const CLUSTER_PROBES = [
  /** A node told another one about news of its clients. */
  "hint_crossed",
  /** A node told another one what became of an uplink that it had accepted. */
  "outcome_crossed",
  /** A login on one node ended a session on another. */
  "kick_crossed",
  /** What the application asked of one node ended a session on another. */
  "disconnect_crossed",
  /** A node told another one of several of its commits in one inbox at once, as the place that the inbox reaches to. */
  "news_collapsed",
  /** A device signed in on another node than before, and others found it there. */
  "route_moved",
  /** A node was told about news of somebody who is not there. */
  "stale_route",
  /** The node that had accepted an uplink committed it itself, because the queue did not bring it in time. */
  "origin_committed",
  /** The queue brought what had been committed. */
  "queued_repeat",
  /** The queue brought what had been accepted before a restore. */
  "stale_record",
  /** The queue brought what is no uplink, and it was put aside. */
  "dead_letter",
  /** The queue brought to one node what another one still had in hand. */
  "zombie_record",
  /** The book of sessions named a node that is no more. */
  "dead_route",
  /** A node that could reach no other read the heads. */
  "cut_off_poll",
  /** A node that had lost its registration has another one. */
  "registered_again",
  "node_frozen",
  /** A commit of a node that stood still by then reached the storage. */
  "late_commit",
  /** What a peer had not taken was sent again. */
  "peer_retry",
  "rolling_restart",
  /** A device lost its place to another one of its user, as the rules say. */
  "session_replaced",
  /** A device was kept out by another one of its user, as the rules say. */
  "kept_out",
] as const;

/** Rare paths that must have been entered at least once in a campaign, or it proves nothing about them. */
export const PROBES = [
  /** A login was answered with a reset. */
  "reset",
  /** An acknowledged message came again after a restore. */
  "put_back",
  "out_of_order",
  "busy",
  /** A repeat of a refused message got its refusal again. */
  "refused_again",
  /** A repeat of a stored message got its ACK again. */
  "acknowledged_again",
  /** A client received an item beyond the next one. */
  "gap",
  /** A server closed a connection it heard nothing from. */
  "idle_closed",
  /** A socket held more bytes than the systems in between take. */
  "slow_reader",
  "go_away",
  "commit_failed_before",
  "commit_landed_late",
  "commit_reported_failed",
  "hint_lost",
  "hint_lied",
  "hint_repeated",
  "read_failed",
  "crash",
  "drain",
  "restore",
  "application_restart",
  "clock_jump",
  "member_removed",
  "legacy_retry",
  "server_send_repeated",
  /** A live connection was shown a new token, and took it. */
  "token_refreshed",
  /** The server closed a live connection because its token had ended. */
  "token_expired_close",
  "auth_busy",
  /** A connection was replaced by another login of its own device. */
  "ghost_replaced",
  ...CLUSTER_PROBES,
] as const;

/** A rare path, see {@link PROBES}. */
export type Probe = (typeof PROBES)[number];

/** How often each rare path was entered. */
export class ProbeCounts {
  readonly #counts = new Map<Probe, number>();

  /** Counts one more. */
  hit(probe: Probe): void {
    this.#counts.set(probe, this.of(probe) + 1);
  }

  of(probe: Probe): number {
    return this.#counts.get(probe) ?? 0;
  }

  /** Adds what another run counted. */
  add(other: ProbeCounts): void {
    for (const probe of PROBES) this.#counts.set(probe, this.of(probe) + other.of(probe));
  }
}
