import { Etcd3 } from "etcd3";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { etcdOn } from "../../../scripts/services/kinds/etcd.js";
import { PrivateService } from "../../../scripts/services/private-service.js";
import { EtcdSession } from "../../../src/adapters/etcd/etcd-session.js";
import { etcdDiscovery } from "../../../src/adapters/etcd/index.js";
import { systemClock } from "../../../src/testing/conformance/cluster/clock.js";
import { Patience } from "../../../src/testing/conformance/cluster/patience.js";
import { RecordedNode } from "../../../src/testing/conformance/discovery/recorded-node.js";
import { discoveryConformance } from "../../../src/testing/conformance/discovery.js";
import type { ConformanceRunner } from "../../../src/testing/conformance/runner.js";
import { etcdFixture } from "./etcd-fixture.js";

const service = etcdOn(12391);
const isPossible = inject("services").etcd !== undefined && PrivateService.isPossible(service);
/** So long after its return everybody may be known again, ms. */
const RIGHT_WITHIN_MS = 15_000;

describe.skipIf(!isPossible)("etcdDiscovery on an etcd that is harmed", () => {
  const patience = new Patience(systemClock());
  const nodes: RecordedNode[] = [];
  let etcd: PrivateService;
  let hosts: string[];

  beforeAll(async () => {
    etcd = await PrivateService.create(service);
    hosts = [etcd.url];
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await etcd.end();
  });

  const start = async (prefix: string, id: string): Promise<RecordedNode> => {
    const node = new RecordedNode({ adapter: etcdDiscovery({ hosts, prefix }) }, id, "10.0.0.1:9094");
    nodes.push(node);
    await node.discovery.start();
    return node;
  };
  const pair = async (prefix: string): Promise<readonly [RecordedNode, RecordedNode]> => {
    const [a, b] = [await start(prefix, "a"), await start(prefix, "b")];
    await patience.until("they see each other", () => a.knowsOnly([a, b]) && b.knowsOnly([a, b]));
    return [a, b];
  };
  const right = (a: RecordedNode, b: RecordedNode): boolean =>
    a.self !== null && b.self !== null && a.knows(b)?.epoch === b.self.epoch && b.knows(a)?.epoch === a.self.epoch;

  /** The states it went through; of one that stays the reasons may change. */
  const statesOf = ({ conditions }: RecordedNode): string[] =>
    conditions.map(({ state }) => state).filter((state, n, states) => state !== states[n - 1]);

  it("P11: one that does not answer until the leases are lost: nobody counts on himself, everybody comes back anew", async () => {
    const [a, b] = await pair("stopped/");
    const epochs = [a.epoch, b.epoch];
    etcd.stop();
    await patience.until("both count themselves out", () => a.self === null && b.self === null, 12_000);
    expect(a.knowsOnly([a, b])).toBe(true);
    expect(a.state).toBe("down");
    etcd.continue();
    await patience.until("both are back", () => right(a, b) && a.state === "up", RIGHT_WITHIN_MS);
    expect([a.epoch, b.epoch].some((epoch) => epochs.includes(epoch))).toBe(false);
    expect(statesOf(a)).toEqual(["up", "down", "up"]);
  });

  it("one that is killed and started anew: whose lease lives keeps its epoch, and newcomers are seen", async () => {
    const [a, b] = await pair("killed/");
    const { epoch } = a;
    await etcd.kill();
    await patience.until("it is noticed", () => a.state === "down" && b.state === "down");
    await etcd.start();
    await patience.until("both are back", () => right(a, b) && a.state === "up", RIGHT_WITHIN_MS);
    expect(a.epoch).toBe(epoch);
    const c = await start("killed/", "c");
    await patience.until("the newcomer is seen", () => a.knows(c) !== undefined && b.knows(c) !== undefined);
  });

  it("what is away is told once for each reason, however often it is tried, and a start on it resolves within 3 s", async () => {
    const [a] = await pair("flood/");
    await etcd.kill();
    await patience.until("it counts itself out", () => a.self === null, 12_000);
    const late = new RecordedNode({ adapter: etcdDiscovery({ hosts, prefix: "flood/" }) }, "late", "10.0.0.1:9094");
    nodes.push(late);
    await patience.for("start", late.discovery.start(), 4_000);
    expect([late.self, late.state]).toEqual([null, "down"]);
    await etcd.start();
    await patience.until("all are back", () => a.self !== null && a.knows(late) !== undefined, RIGHT_WITHIN_MS);
    expect(statesOf(a)).toEqual(["up", "down", "up"]);
    const told = a.conditions.map((condition) => JSON.stringify(condition));
    expect(told.filter((each, n) => each === told[n - 1])).toEqual([]);
    expect(told.join()).not.toMatch(/ [\d.]+s,/);
  });

  it("P12: a watch from a revision that etcd has forgotten asks for a new list", async () => {
    const client = new Etcd3({ hosts });
    await client.put("x").value("1");
    const { header } = await client.put("x").value("2");
    await client.kv.compact({ revision: header.revision, physical: true });
    const session = new EtcdSession({ Etcd3 }, { prefix: "forgotten/", text: "", options: { hosts } });
    await patience.for(
      "the watch",
      session.watch(
        1n,
        () => {},
        () => {},
      ),
    );
    session.close();
    client.close();
  });

  it("what others have written below the prefix is passed over", async () => {
    const client = new Etcd3({ hosts });
    const garbage: Readonly<Record<string, string>> = {
      empty: "",
      text: "x",
      "not an id": '{"epoch":"e","address":"a:1"}',
      "a/b": '{"epoch":"e","address":"a:1"}',
      "%41": '{"epoch":"e","address":"a:1"}',
      "": '{"epoch":"e","address":"a:1"}',
      noEpoch: '{"address":"a:1"}',
      badEpoch: '{"epoch":"e e","address":"a:1"}',
      badAddress: '{"epoch":"e","address":["a:1"]}',
      long: `{"epoch":"e","address":"a:1","x":"${"x".repeat(2_000)}"}`,
      null: "null",
    };
    const put = async (): Promise<void> => {
      for (const [key, value] of Object.entries(garbage)) await client.put(`garbage/nodes/${key}`).value(value);
    };
    await put();
    const a = await start("garbage/", "a");
    await put();
    await client.put("garbage/nodes/b").value('{"epoch":"e","address":"a:1","more":1}');
    await patience.until("who is well written is seen", () => a.knows({ id: "b" }) !== undefined);
    expect(a.knowsOnly([{ id: "a" }, { id: "b" }])).toBe(true);
    await client.put("garbage/nodes/b").value("x");
    await patience.until("who is overwritten is gone", () => a.knowsOnly([a]));
    client.close();
  });

  it("of several servers those that are away are passed over", async () => {
    const several = ["127.0.0.1:12399", ...hosts.map((host) => host.replace("http://", "")), "127.0.0.1:12399"];
    const node = new RecordedNode({ adapter: etcdDiscovery({ hosts: several }) }, "a", "10.0.0.1:9094");
    nodes.push(node);
    await node.discovery.start();
    await patience.until("it is registered", () => node.self !== null && node.state === "up");
  });

  it("who is turned away is told so by start, without the password", async () => {
    const auth = { username: "ada", password: "swordfish" };
    const discovery = etcdDiscovery({ hosts, auth });
    discovery.bind({ id: "a", address: "10.0.0.1:9094", onView: () => {}, onCondition: () => {} });
    const error = await patience.rejects("start", () => discovery.start(), "operation_failed");
    expect(error.message).toContain("authentication is not enabled");
    expect(error.message).not.toContain("swordfish");
    await discovery.close();
  });

  /** The one case that needs an etcd which forgets. */
  const compactAlone: ConformanceRunner = {
    describe: (_name, body) => body(),
    it: (name, body) => name.includes("has forgotten how it came about") && it(name, body),
  };
  discoveryConformance(compactAlone, () => etcdFixture(service.recipe?.url ?? ""), ["cut", "compact"]);
});
