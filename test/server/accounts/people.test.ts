import { describe, expect, it } from "vitest";
import { GROUP_NOTICE, parseGroupNotice } from "../../../src/core/group-notice.js";
import type { AuditEvent } from "../../../src/server/accounts/audit.js";
import type { OpenSession } from "../../../src/server/auth.js";
import { auth, openStage, type Stage, textsOf } from "../fixture.js";
import { login, type RawClient, uplink } from "../raw-client.js";
import { Barrier } from "../storage-switch.js";

async function send(stage: Stage, from: RawClient, ...frames: ReturnType<typeof uplink>[]): Promise<void> {
  for (const frame of frames) from.send(frame);
  await stage.run();
}

const codes = (client: RawClient) => client.of("nack").map(({ code }) => code);

describe("G6: who may write to whom", () => {
  it("a message to somebody who has blocked the sender is refused for good, a new one after the block passes", async () => {
    const stage = await openStage();
    const [ann, bob] = [await stage.device("ann"), await stage.device("bob")];
    expect(await stage.im.friends.block("bob", "ann")).toBe(true);
    await send(stage, ann, uplink(1, "bob", "hello?"));
    expect(codes(ann)).toEqual(["blocked"]);
    await stage.im.friends.unblock("bob", "ann");
    await send(stage, ann, uplink(1, "bob", "hello?"), uplink(2, "bob", "hello again"));
    expect(textsOf(bob.frames)).toEqual(["hello again"]);
    expect(codes(ann)).toEqual(["blocked", "blocked"]);
  });

  it("a block has one direction, and the system is heard in any case", async () => {
    const stage = await openStage();
    const [ann, bob] = [await stage.device("ann"), await stage.device("bob")];
    await stage.im.friends.block("bob", "ann");
    await send(stage, bob, uplink(1, "ann", "you may hear me"));
    await stage.im.messages.send({ to: { userId: "bob" }, text: "news" });
    await stage.run();
    expect(textsOf(ann.frames)).toEqual(["you may hear me"]);
    expect(textsOf(bob.frames)).toEqual(["you may hear me", "news"]);
  });

  it("canSend decides besides, and a no is stored as a refusal", async () => {
    const asked: unknown[] = [];
    const canSend = (event: unknown) => {
      asked.push(event);
      return asked.length > 1;
    };
    const stage = await openStage({ hooks: { canSend } });
    const ann = await stage.device("ann");
    await send(stage, ann, uplink(1, "bob", "no"));
    await send(stage, ann, uplink(1, "bob", "no"), uplink(2, "bob", "yes"));
    expect(codes(ann)).toEqual(["forbidden", "forbidden"]);
    expect(ann.of("uplink_ack")).toHaveLength(1);
    expect(asked[0]).toEqual({ senderId: "ann", to: { userId: "bob" } });
  });

  it("canSend that throws or answers nonsense lets nobody through", async () => {
    const stage = await openStage({ hooks: { canSend: () => "yes" as never } });
    const ann = await stage.device("ann");
    await send(stage, ann, uplink(1, "bob", "x"));
    expect(codes(ann)).toEqual(["forbidden"]);
  });
});

describe("G4: who may be added to a group", () => {
  it("a user adds nobody who has blocked them, and nobody the application says no to", async () => {
    const canAddToGroup = ({ userId }: { userId: string }) => userId !== "shy";
    const { im } = await openStage({ hooks: { canAddToGroup } });
    await im.friends.block("bob", "ann");
    const group = { name: "group", ownerId: "ann" };
    for (const userId of ["bob", "shy"]) {
      const create = im.groups.create({ ...group, memberIds: ["cid", userId] }, { by: "ann" });
      await expect(create).rejects.toMatchObject({ code: "forbidden" });
    }
    const { id } = await im.groups.create({ ...group, memberIds: ["cid"] }, { by: "ann" });
    await expect(im.groups.add(id, ["dan", "bob"], { by: "ann" })).rejects.toMatchObject({ code: "forbidden" });
    expect((await im.groups.members(id)).map(({ userId }) => userId)).toEqual(["ann", "cid"]);
  });

  it("a user adds nobody who does not exist", async () => {
    const exists = (userId: string) => userId !== "nobody";
    const { im } = await openStage({ auth: { ...auth, exists } });
    const group = { name: "group", ownerId: "ann", memberIds: ["nobody"] };
    await expect(im.groups.create(group, { by: "ann" })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("what a group tells its members", () => {
  it("every change is an item in its place, for who is in before or after it", async () => {
    const stage = await openStage();
    const { im } = stage;
    const [ann, bob] = [await stage.device("ann"), await stage.device("bob")];
    const { id } = await im.groups.create({ name: "crew", ownerId: "ann", memberIds: [] }, { by: "ann" });
    await im.groups.add(id, ["bob"], { by: "ann" });
    await im.groups.rename(id, "the crew");
    await im.groups.setRole(id, "bob", "admin");
    await im.groups.handOver(id, "bob");
    await im.groups.setRole(id, "ann", "member");
    await im.groups.remove(id, "ann", { by: "bob" });
    await im.groups.leave(id, "bob");
    await stage.run();
    const told = (client: RawClient) =>
      client.of("push").map(({ item: { message } }) => parseGroupNotice(message.type, message.content)?.kind);
    expect(told(ann)).toEqual([
      "created",
      "added",
      "renamed",
      "role_changed",
      "handed_over",
      "role_changed",
      "removed",
    ]);
    expect(told(bob)).toEqual(["added", "renamed", "role_changed", "handed_over", "role_changed", "removed", "left"]);
    const [added] = bob.of("push");
    expect(added?.item.message).toMatchObject({
      senderId: null,
      type: GROUP_NOTICE.added,
      target: { kind: "group", id },
    });
    expect(parseGroupNotice(GROUP_NOTICE.added, added?.item.message.content ?? new Uint8Array())).toEqual({
      kind: "added",
      by: "ann",
      userIds: ["bob"],
      count: 1,
    });
  });

  it("a change that changes nothing tells nothing", async () => {
    const stage = await openStage();
    const { im } = stage;
    const ann = await stage.device("ann");
    const { id } = await im.groups.create({ name: "crew", ownerId: "ann", memberIds: ["bob"] });
    await im.groups.add(id, ["bob"]);
    await im.groups.rename(id, "crew");
    await im.groups.setRole(id, "bob", "member");
    expect(await im.groups.remove(id, "eve")).toBe(false);
    await stage.run();
    expect(ann.pushed).toEqual([1]);
  });

  it("a notice names at most 100 users and counts all, so that it fits a frame", async () => {
    const stage = await openStage();
    const ann = await stage.device("ann");
    const memberIds = Array.from({ length: 1_500 }, (_, index) => `${"x".repeat(58)}-${index}`);
    await stage.im.groups.create({ name: "crowd", ownerId: "ann", memberIds });
    await stage.run();
    const { type, content } = ann.of("push")[0]?.item.message ?? { type: 0, content: new Uint8Array() };
    expect(content.length).toBeLessThan(32_768);
    const notice = parseGroupNotice(type, content);
    expect([notice?.userIds.length, notice?.count]).toEqual([100, 1_501]);
  });
});

describe("S32: the audit trail", () => {
  it("tells each change of a group and each kick exactly once", async () => {
    const stage = await openStage();
    const { im } = stage;
    await stage.device("bob");
    const events: AuditEvent[] = [];
    im.on("audit", (event) => void events.push(event));
    const { id } = await im.groups.create({ name: "crew", ownerId: "ann", memberIds: ["bob"] }, { by: "ann" });
    await im.groups.remove(id, "bob", { by: "ann" });
    await im.groups.remove(id, "bob", { by: "ann" });
    await im.sessions.disconnect("bob", { reason: "spam" });
    await im.sessions.disconnect("bob", { reason: "spam" });
    expect(events).toEqual([
      { action: "group_changed", groupId: id, by: "ann", change: "created", userIds: ["ann", "bob"] },
      { action: "group_changed", groupId: id, by: "ann", change: "removed", userIds: ["bob"] },
      { action: "kicked", userId: "bob", reason: "spam" },
    ]);
  });
});

describe("S12: open sessions are asked about again", () => {
  /** A server whose application is asked by `recheck`, with everything it was asked. */
  async function openAsking(recheck: (sessions: readonly OpenSession[]) => readonly boolean[] | Promise<boolean[]>) {
    const asked: (readonly OpenSession[])[] = [];
    const issued = new Map<string, number>();
    const authenticate = (token: string) => ({ userId: token.split(" ")[0] ?? "", issuedAt: issued.get(token) ?? 7 });
    const options = {
      auth: {
        authenticate,
        recheck: (sessions: readonly OpenSession[]) => {
          asked.push(sessions);
          return recheck(sessions);
        },
      },
      limits: { heartbeatMs: 86_400_000 },
    };
    return { stage: await openStage(options), asked, issued };
  }

  it("once a minute, and those that no longer stand are ended with 4401", async () => {
    let revoked = "";
    const { stage, asked } = await openAsking((sessions) => sessions.map(({ userId }) => userId !== revoked));
    const [ann, bob] = [await stage.device("ann"), await stage.device("bob")];
    asked.length = 0;
    revoked = "bob";
    await stage.run(59_000);
    expect([asked, bob.closed]).toEqual([[], null]);
    await stage.run(1_000);
    const both = [
      { userId: "ann", issuedAt: 7 },
      { userId: "bob", issuedAt: 7 },
    ];
    expect(asked).toEqual([both]);
    expect([ann.closed, bob.closed?.code]).toEqual([null, 4401]);
  });

  it("a login whose token is revoked while it is under way does not come in", async () => {
    let isRevoked = false;
    const { stage } = await openAsking((sessions) => sessions.map(() => !isRevoked));
    isRevoked = true;
    const bob = await stage.device("bob");
    expect([bob.of("login_ack"), bob.closed?.code]).toEqual([[], 4401]);
  });

  it("who took a fresh token while the old one was asked about stays", async () => {
    const barrier = new Barrier();
    let isAsking = false;
    const { stage, issued } = await openAsking(async (sessions) => {
      if (isAsking) await barrier.detour(async () => {});
      return sessions.map(({ issuedAt }) => issuedAt !== 7 || !isAsking);
    });
    const bob = await stage.device("bob");
    isAsking = true;
    issued.set("bob fresh", 8);
    await stage.run(60_000);
    bob.send({ kind: "token", token: "bob fresh" });
    await stage.run();
    barrier.letGo();
    await stage.run();
    expect(bob.closed).toBeNull();
  });

  it("a batch that cannot be answered ends nobody, is told, and keeps no other from being asked", async () => {
    const failures: string[] = [];
    let isLate = false;
    const { stage, asked } = await openAsking((sessions) => {
      if (isLate && sessions.length > 1) throw new Error("away");
      return sessions.map(() => !isLate);
    });
    stage.im.on("failed", ({ during }) => void failures.push(during));
    const devices = [];
    for (let n = 0; n <= 500; n++) {
      const client = stage.dial(`10.0.${n >> 8}.${n & 255}`);
      client.send(login(`user-${n}`));
      devices.push(client);
    }
    await stage.run();
    asked.length = 0;
    isLate = true;
    await stage.run(60_000);
    expect(asked.map((sessions) => sessions.length)).toEqual([500, 1]);
    expect(failures).toEqual(["recheck"]);
    expect(devices.map(({ closed }) => closed?.code).filter((code) => code !== undefined)).toEqual([4401]);
  });
});

describe("what users may learn of a group", () => {
  it("who may not add is told so before anybody else is asked", async () => {
    const asked: unknown[] = [];
    const canAddToGroup = (event: unknown) => {
      asked.push(event);
      return false;
    };
    const { im } = await openStage({ hooks: { canAddToGroup } });
    const { id } = await im.groups.create({ name: "group", ownerId: "ann", memberIds: ["bob"] });
    const codes = await Promise.all(
      [
        im.groups.add(id, ["cid"], { by: "eve" }),
        im.groups.add("404", ["cid"], { by: "eve" }),
        im.groups.add(id, ["cid"], { by: "bob" }),
      ].map((call) => call.catch((error: { code: string }) => error.code)),
    );
    expect(codes).toEqual(["not_found", "not_found", "forbidden"]);
    expect(asked).toEqual([]);
  });

  it("a group made with repeated ids says how many are in it", async () => {
    const stage = await openStage();
    const ann = await stage.device("ann");
    await stage.im.groups.create({ name: "group", ownerId: "ann", memberIds: ["bob", "bob", "ann", "bob"] });
    await stage.run();
    const { type, content } = ann.of("push")[0]?.item.message ?? { type: 0, content: new Uint8Array() };
    expect(parseGroupNotice(type, content)).toMatchObject({ userIds: ["ann", "bob"], count: 2 });
  });
});
