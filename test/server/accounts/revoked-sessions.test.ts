import { describe, expect, it } from "vitest";
import { type ClusterNode, type ClusterStage, openPair } from "../cluster/nodes.js";
import { instance, type RawClient } from "../raw-client.js";
import { ADA } from "./accounts-stage.js";

const keys = [{ id: "k", secret: "0123456789abcdef0123456789abcdef" }];
const NEW_PASSWORD = "another horse battery";

/** What `work` gives. Passwords are hashed in earnest: virtual time goes on slowly meanwhile, so that no minute goes by. */
async function until<T>(stage: ClusterStage, work: Promise<T>): Promise<T> {
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  work.then(end, end);
  while (!isDone) {
    await new Promise((goOn) => setTimeout(goOn, 1));
    await stage.run(1);
  }
  return work;
}

/** Two nodes with built-in users, and Ada, who has an account. */
async function openWithAda() {
  const { stage, left, right } = await openPair({ accounts: { keys } });
  const signedIn = await until(stage, left.im.users.register(ADA));
  return { stage, left, right, ...signedIn };
}

const change = ({ im }: ClusterNode, userId: string) =>
  im.users.changePassword(userId, { password: ADA.password, newPassword: NEW_PASSWORD });

const codes = (clients: readonly RawClient[]) => clients.map(({ closed }) => closed?.code ?? null);

describe("S12: a changed password", () => {
  it("ends the sessions with tokens from before on every node within 2 s, and those with the new one stay", async () => {
    const { stage, left, right, userId, token } = await openWithAda();
    const old = [await left.device("", { token }), await right.device("", { token, instanceId: instance(2) })];
    const { token: fresh } = await until(stage, change(left, userId));
    const since = [
      await left.device("", { token: fresh, instanceId: instance(3) }),
      await right.device("", { token: fresh, instanceId: instance(4) }),
    ];
    await stage.run(2_000);
    expect(codes(old)).toEqual([4401, 4401]);
    expect(codes(since)).toEqual([null, null]);
    expect(since.map(({ kinds }) => kinds[0])).toEqual(["login_ack", "login_ack"]);
  });

  it("reaches a node that could not be told when it can be", async () => {
    const { stage, left, right, userId, token } = await openWithAda();
    const device = await right.device("", { token });
    right.helpers.cut();
    await until(stage, change(left, userId));
    await stage.run(3_000);
    expect(device.closed).toBeNull();
    right.helpers.heal();
    await stage.run(3_000);
    expect(device.closed?.code).toBe(4401);
  });

  it("and the end of all sessions tells them so, and not that their token is bad", async () => {
    const { stage, left, right, userId, token } = await openWithAda();
    const old = [await left.device("", { token }), await right.device("", { token, instanceId: instance(2) })];
    expect(await until(stage, left.im.users.logOutEverywhere(userId))).toBe(1);
    await stage.run(2_000);
    expect(codes(old)).toEqual([4410, 4410]);
  });
});
