import { describe, expect, it } from "vitest";
import { ImError } from "../../../src/core/errors.js";
import { openStage, type Stage, textsOf } from "../fixture.js";
import { type RawClient, uplink } from "../raw-client.js";

async function send(stage: Stage, device: RawClient, ...frames: ReturnType<typeof uplink>[]): Promise<void> {
  device.send(...frames);
  await stage.run();
}

const nackOf = (device: RawClient) => device.last("nack").code;

describe("hooks", () => {
  it("see the message, may change it, and every receiver has what was stored", async () => {
    const seen: unknown[] = [];
    const beforeSend = async ({ message, sender }: { message: { text: string | undefined }; sender: object }) => {
      seen.push([message.text, sender]);
      return { text: `${message.text}!` };
    };
    const stage = await openStage({ hooks: { beforeSend } });
    const [a, b] = [await stage.device("a"), await stage.device("b")];
    await send(stage, a, uplink(1, "b", "hi"));
    expect(seen).toEqual([["hi", { userId: "a" }]]);
    expect([textsOf(a.frames), textsOf(b.frames)]).toEqual([["hi!"], ["hi!"]]);
  });

  it("I10: a refusal by the hook is stored: a repeat is refused without regard to what the hook says then", async () => {
    const verdicts: (() => void)[] = [
      () => {
        throw new ImError("blocked");
      },
      () => {},
    ];
    const stage = await openStage({ hooks: { beforeSend: () => verdicts.shift()?.() } });
    const a = await stage.device("a");
    await send(stage, a, uplink(1, "b", "x"), uplink(1, "b", "x"));
    expect(a.of("nack").map(({ code }) => code)).toEqual(["blocked", "blocked"]);
    expect(await stage.storage.inbox("b")).toEqual([]);
  });

  it("I2: a message that was stored is acknowledged again although the hook would refuse it now", async () => {
    let isStrict = false;
    const beforeSend = () => {
      if (isStrict) throw new ImError("forbidden");
    };
    const stage = await openStage({ hooks: { beforeSend } });
    const a = await stage.device("a");
    await send(stage, a, uplink(1, "b", "x"));
    isStrict = true;
    await send(stage, a, uplink(1, "b", "x"));
    const [first, again] = a.of("uplink_ack");
    expect(again).toEqual(first);
  });

  it("I10: a hook that crashes decides nothing: the sender is told busy, and the next try counts", async () => {
    let crashes = true;
    const beforeSend = () => {
      if (crashes) throw new TypeError("secret detail");
    };
    const stage = await openStage({ hooks: { beforeSend } });
    const a = await stage.device("a");
    await send(stage, a, uplink(1, "b", "x"));
    expect(a.last("nack")).toMatchObject({ code: "busy", retryAfterMs: 5_000 });
    expect(JSON.stringify(a.frames)).not.toContain("secret");
    crashes = false;
    await send(stage, a, uplink(1, "b", "x"));
    expect(a.of("uplink_ack")).toHaveLength(1);
  });

  it.each([{ content: "text" }, { text: 5 }, { content: [1, 2] }])(
    "answering %j is a crash too: nothing is stored",
    async (answer) => {
      const stage = await openStage({ hooks: { beforeSend: () => answer as { text: string } } });
      const a = await stage.device("a");
      await send(stage, a, uplink(1, "b", "x"));
      expect(nackOf(a)).toBe("busy");
      expect(await stage.storage.inbox("b")).toEqual([]);
    },
  );

  it.each(["busy", "rate_limited", "unavailable"] as const)(
    "I10: %s from a hook is no decision: nothing is stored, and the next try counts",
    async (code) => {
      const verdicts = [new ImError(code)];
      const beforeSend = () => {
        const verdict = verdicts.shift();
        if (verdict !== undefined) throw verdict;
      };
      const stage = await openStage({ hooks: { beforeSend } });
      const a = await stage.device("a");
      await send(stage, a, uplink(1, "b", "x"), uplink(1, "b", "x"));
      expect(a.of("nack")).toMatchObject([{ code: "busy" }]);
      expect(a.of("uplink_ack")).toHaveLength(1);
    },
  );

  it("content a hook makes too large is refused", async () => {
    const stage = await openStage({ hooks: { beforeSend: () => ({ text: "x".repeat(40_000) }) } });
    const a = await stage.device("a");
    await send(stage, a, uplink(1, "b", "x"));
    expect(nackOf(a)).toBe("too_large");
  });

  it("I16: a hook that never answers holds up its own connection only", async () => {
    const beforeSend = ({ sender }: { sender: { userId: string } }) =>
      sender.userId === "a" ? new Promise<never>(() => {}) : undefined;
    const stage = await openStage({ hooks: { beforeSend } });
    const [a, c] = [await stage.device("a"), await stage.device("c")];
    await send(stage, a, uplink(1, "b", "x"));
    await send(stage, c, uplink(1, "b", "y"));
    expect([a.of("uplink_ack").length, c.of("uplink_ack").length]).toEqual([0, 1]);
  });
});
