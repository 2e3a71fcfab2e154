import { beforeEach, describe, expect, it } from "vitest";
import { Ear, type HeardLink } from "../../../../scripts/chaos/people/ear.js";
import type { NodeEvent, Place } from "../../../../scripts/chaos/people/place.js";
import { encodeBatch, encodeClientFrame, encodeServerFrame } from "../../../../src/core/codec.js";
import type { ServerFrame } from "../../../../src/core/frames.js";
import { checkHistory } from "../../../../src/testing/simulation/checker.js";
import { History } from "../../../../src/testing/simulation/history.js";

const LOGIN = {
  token: "t",
  instanceId: null,
  cursor: 0,
  cursorMessageId: null,
  syncEpoch: "",
  caps: 0,
  deviceKind: "",
};
const LOGIN_ACK = {
  userId: "ann",
  seq: 0,
  headSeq: 0,
  serverTime: 0,
  heartbeatMs: 0,
  reset: false,
  origin: "",
} as const;
const NACK = { kind: "nack", text: "", retryAfterMs: 0, syncEpoch: "1" } as const;
const UPLINK = { afterClientId: 0, sessionType: 1, receiver: "bob", sender: "", type: 1, clientTime: 0 };

/** Two nodes; port 1000 leads to the first, 1001 to the second. */
class FakePlace implements Place {
  readonly nodes = [];
  readonly tokenKey = "";
  weather: (port: number, isDisturbed: boolean) => void = () => {};
  node: (node: number, what: NodeEvent) => void = () => {};
  readonly front = {
    url: "",
    nodeOf: (port: number) => port - 1_000,
    onDisturbed: (listener: FakePlace["weather"]) => {
      this.weather = listener;
    },
  };

  onNode(listener: FakePlace["node"]): void {
    this.node = listener;
  }
}

describe("the ear", () => {
  let now = 0;
  let history: History;
  let place: FakePlace;
  let ear: Ear;

  beforeEach(() => {
    now = 0;
    history = new History(() => now);
    place = new FakePlace();
    ear = new Ear(history, place, () => now);
  });

  const hear = (link: HeardLink, frame: ServerFrame) => ear.heard(link, encodeBatch([encodeServerFrame(frame)]));
  const write = (link: HeardLink, clientId: number, text: string) =>
    ear.said(link, encodeClientFrame({ kind: "uplink", ...UPLINK, clientId, content: Buffer.from(text) }));
  const signIn = (port: number): HeardLink => {
    const link = ear.open("ann/1");
    ear.connected(link, port);
    ear.said(link, encodeClientFrame({ kind: "login", ...LOGIN }));
    hear(link, { kind: "login_ack", ...LOGIN_ACK, syncEpoch: "1" });
    return link;
  };
  const kinds = () => history.events.map(({ kind }) => kind);

  it("hears a login, at which node it is, and its end", () => {
    const link = signIn(1_001);
    expect(history.events).toMatchObject([
      { kind: "knocked", device: "ann/1", node: 1 },
      { kind: "online", device: "ann/1", epoch: "1", node: 1 },
    ]);
    expect([ear.signedIn, ear.nodeOf("ann/1")]).toEqual([1, 1]);
    ear.over(link);
    ear.over(link);
    expect(kinds()).toEqual(["knocked", "online", "offline"]);
    expect([ear.signedIn, ear.nodeOf("ann/1")]).toEqual([0, null]);
  });

  it("does not take the end of an old connection for that of the new one", () => {
    const old = signIn(1_000);
    signIn(1_001);
    ear.over(old);
    expect(kinds()).not.toContain("offline");
  });

  it("hears final answers with their operation, and that busy is none", () => {
    const link = signIn(1_000);
    write(link, 7, "ann/1.1 hello");
    hear(link, { ...NACK, clientId: 7, code: "busy" });
    now = 9;
    const ack = { clientId: 7, seq: 3, messageId: "ab".repeat(16), serverTime: 0, syncEpoch: "1" };
    hear(link, { kind: "uplink_ack", ...ack });
    expect(kinds().slice(2)).toEqual(["uplink", "answered", "answered", "answer"]);
    expect(history.events.at(-1)).toMatchObject({ operation: "ann/1.1", seq: 3, code: null });
    expect([ear.ackedOn(0), ear.ackedOn(1)]).toEqual([9, null]);
  });

  it("hears that a good token was turned away", () => {
    const link = ear.open("ann/1");
    ear.connected(link, 1_000);
    hear(link, { ...NACK, clientId: 0, code: "unauthenticated" });
    expect(history.events).toMatchObject([{ kind: "turned_away", device: "ann/1", code: "unauthenticated" }]);
  });

  it("calls nobody online whose weather is bad, until it is good again", () => {
    const link = signIn(1_000);
    place.weather(1_000, true);
    write(link, 1, "ann/1.1 hello");
    expect(kinds().slice(2)).toEqual(["offline"]);
    place.weather(1_000, false);
    write(link, 2, "ann/1.2 hello");
    expect(kinds().slice(3)).toEqual(["online", "uplink"]);
  });

  it("knows bad weather that was there before the connection", () => {
    place.weather(1_000, true);
    signIn(1_000);
    expect(kinds()).toEqual(["knocked", "offline", "online", "offline"]);
  });

  it("calls nobody online at a node that stands still, and nobody else offline", () => {
    signIn(1_000);
    place.node(1, "frozen");
    expect(kinds()).toEqual(["knocked", "online", "frozen"]);
    place.node(0, "frozen");
    place.node(0, "thawed");
    expect(kinds().slice(3)).toEqual(["offline", "frozen", "online", "thawed"]);
  });

  it("lets the checker find who waits too long for an answer on a sound line, and only there", () => {
    const quiet = { kind: "quiet", problems: [] } as const;
    const nothing = { epoch: "1", inboxes: new Map(), baseSeqs: new Map(), stays: new Map() };
    write(signIn(1_000), 1, "ann/1.1 hello");
    now = 6_000;
    const late = [...history.events, { ...quiet, at: now }];
    expect(checkHistory(late, nothing)).toMatchObject([{ class: "stale", device: "ann/1" }]);
    place.node(0, "frozen");
    place.node(0, "thawed");
    now = 9_000;
    const excused = [...history.events.filter(({ at }) => at > 0), { ...quiet, at: now }];
    expect(checkHistory(excused, nothing)).toEqual([]);
  });
});
