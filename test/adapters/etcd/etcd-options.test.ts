import { describe, expect, it } from "vitest";
import { placesOf } from "../../../src/adapters/etcd/etcd-place.js";
import { type EtcdDiscoveryOptions, etcdDiscovery } from "../../../src/adapters/etcd/index.js";
import { loadEtcd3 } from "../../../src/adapters/etcd/load-etcd3.js";
import { isImError } from "../../../src/core/errors.js";

/** The lines of the error, without the first. */
function problemsOf(options: object): readonly string[] {
  try {
    etcdDiscovery(options as EtcdDiscoveryOptions);
    return [];
  } catch (error) {
    if (!isImError(error, "invalid_argument")) throw error;
    return error.message.split("\n").slice(1);
  }
}

const hosts = ["127.0.0.1:2379"];

describe("the options of etcdDiscovery", () => {
  it.each([
    { hosts },
    { hosts: ["http://a:1", "http://[::1]:2/", "b:3"], prefix: "", leaseSeconds: 3, tls: false },
    { hosts: ["https://a:1", "https://b:2"], auth: { username: "ada", password: "x" } },
    { hosts, tls: { ca: "PEM", cert: "PEM", key: new Uint8Array(1) } },
  ])("are taken: %j", (options) => {
    expect(problemsOf(options)).toEqual([]);
  });

  it("are refused with every problem at once", () => {
    const options = { hosts: [], prefix: "a b", auth: {}, tls: { cert: "PEM" }, leaseSeconds: 2.5, more: 1 };
    expect(problemsOf(options)).toEqual([
      "  - hosts: expected a list of addresses such as 10.0.0.5:2379, at least one, got an array",
      '  - prefix: expected up to 128 printable ASCII characters without spaces, got "a b"',
      "  - auth: expected { username, password }, two texts that are not empty",
      "  - tls: expected true, false or { ca, cert, key }, each a text or bytes; key with cert",
      "  - leaseSeconds: expected an integer from 3 to 60, got 2.5",
      "  - more: there is no such option",
    ]);
    expect(problemsOf(null as unknown as object)).toHaveLength(1);
  });

  it.each(["", "a", "a:0", "a:65536", "ftp://a:1", "a:1/b", "a b:1", "http://a:1?x", 7])(
    "refuse the host %j",
    (host) => {
      expect(problemsOf({ hosts: [...hosts, host] })).toHaveLength(1);
    },
  );

  it("are refused where some hosts speak TLS and others do not, or not what tls says", () => {
    expect(problemsOf({ hosts: ["https://a:1", "b:1"] })).toHaveLength(1);
    expect(problemsOf({ hosts: ["https://a:1"], tls: false })).toHaveLength(1);
    expect(problemsOf({ hosts: ["http://a:1"], tls: true })).toHaveLength(1);
  });

  it("repeat no password", () => {
    const told = problemsOf({
      hosts: ["http://ada:swordfish@a:1"],
      auth: { username: "", password: "swordfish" },
      tls: "swordfish",
    });
    expect(told).toHaveLength(3);
    expect(told.join()).not.toContain("swordfish");
  });

  it("make a place of every server", () => {
    const [first, second] = placesOf({ hosts: ["a:1", "[::1]:2/"], tls: { ca: "PEM" } });
    expect(first).toEqual({
      prefix: "shyim/",
      text: "etcd at a:1",
      options: { hosts: ["https://a:1"], credentials: { rootCertificate: Buffer.from("PEM") } },
    });
    expect(second?.options.hosts).toEqual(["https://[::1]:2"]);
  });

  it("know no node that others could not read", () => {
    const bind = (id: string, address: string) => () =>
      etcdDiscovery({ hosts }).bind({ id, address, onView: () => {}, onCondition: () => {} });
    expect(bind("a b", "a:1")).toThrow("id must be");
    expect(bind("a", "a b:1")).toThrow("address must be");
    expect(bind("a", "")).toThrow("address must be");
  });
});

describe("the package etcd3", () => {
  it("is asked for where it is missing", async () => {
    const missing = loadEtcd3(() => Promise.reject(new Error("Cannot find package 'etcd3'")));
    await expect(missing).rejects.toMatchObject({
      code: "operation_failed",
      message: expect.stringContaining("npm install etcd3"),
    });
  });
});
