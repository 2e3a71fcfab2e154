import type { Socket } from "node:net";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { MAX_HELD_BYTES } from "../../../../scripts/chaos/lines/lane.js";
import { Line } from "../../../../scripts/chaos/lines/line.js";
import { realClock } from "../../../../scripts/chaos/lines/line-clock.js";
import { Caller, echo, serving } from "./echo.js";

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

async function lineTo(target: number): Promise<Line> {
  const line = await Line.open({ name: "edge", port: 0, target, clock: realClock(() => 0) });
  onTestFinished(() => line.close());
  return line;
}

/** As much as Node reads at a time. */
const PIECE_BYTES = 65_536;

describe("a line", () => {
  let line: Line;
  let far: Socket[];

  beforeEach(async () => {
    far = [];
    line = await lineTo(
      await serving((socket) => {
        far.push(socket);
        echo(socket);
      }),
    );
  });

  const called = async (): Promise<Caller> => {
    const caller = new Caller(line.port);
    caller.says("hello");
    await eventually(() => expect(caller.heard).toBe("hello"));
    caller.heard = "";
    return caller;
  };

  it("carries a million bytes there and back as they were", async () => {
    const caller = await called();
    const text = Array.from({ length: 100_000 }, (_, number) => String(number).padStart(10, ".")).join("");
    caller.says(text);
    await eventually(() => expect(caller.heard.length).toBe(text.length));
    expect(caller.heard === text).toBe(true);
  });

  it("carries them in slices of a byte, too", async () => {
    line.setWeather({ sliceBytes: 1 });
    const caller = await called();
    const text = "0123456789".repeat(100);
    caller.says(text);
    await eventually(() => expect(caller.heard).toBe(text));
  });

  it("lets one end say its last word while the other goes on", async () => {
    const target = await serving((socket) => {
      socket.on("end", () => socket.end("and one word more"));
      socket.resume();
    });
    const caller = new Caller((await lineTo(target)).port);
    caller.socket.end("goodbye");
    await eventually(() => expect(caller).toMatchObject({ heard: "and one word more" }));
    await eventually(() => expect(caller.ended).toBe("in order"));
  });

  it("breaks every connection at both ends by a reset, and takes new ones", async () => {
    const caller = await called();
    line.reset();
    await eventually(() => expect(caller.ended).toBe("broken"));
    await eventually(() => expect(far[0]?.destroyed).toBe(true));
    await called();
  });

  it("tells the other end when one broke", async () => {
    const caller = await called();
    far[0]?.resetAndDestroy();
    await eventually(() => expect(caller.ended).toBe("broken"));
    await eventually(() => expect(line.passages.size).toBe(0));
  });

  it("breaks a connection to nobody", async () => {
    const caller = new Caller((await lineTo(1)).port);
    await eventually(() => expect(caller.ended).toBe("broken"));
  });

  it("is silent while it is cut, and brings afterwards what was said", async () => {
    const caller = await called();
    line.cut();
    caller.says("now?");
    const other = await called2();
    line.heal();
    await eventually(() => expect(caller.heard).toBe("now?"));
    await eventually(() => expect(other.heard).toBe("me too"));
    expect(far.length).toBe(2);

    /** Whoever connects meanwhile reaches nobody before it is healed. */
    async function called2(): Promise<Caller> {
      const late = new Caller(line.port);
      late.says("me too");
      await eventually(() => expect(line.passages.size).toBe(2));
      expect([caller.heard, late.heard, far.length]).toEqual(["", "", 1]);
      return late;
    }
  });

  it.each([
    ["up", "", ""],
    ["down", "", "question"],
  ] as const)(
    "lets nothing through when it is black %s, and the other way does not mind",
    async (way, heard, reached) => {
      const caller = await called();
      const said: string[] = [];
      far[0]?.on("data", (bytes) => said.push(bytes.toString()));
      line.blackHole(way);
      caller.says("question");
      if (reached === "") far[0]?.write("unasked");
      await eventually(() =>
        expect([said.join(""), caller.heard]).toEqual([reached, reached === "" ? "unasked" : heard]),
      );
      line.heal();
      await eventually(() => expect(caller.heard).toContain("question"));
    },
  );

  it("hears a connection end in a black hole only afterwards", async () => {
    const caller = await called();
    line.cut();
    caller.socket.destroy();
    await eventually(() => expect(caller.ended).not.toBeNull());
    expect([far[0]?.readableEnded, line.passages.size]).toEqual([false, 1]);
    line.heal();
    await eventually(() => expect(far[0]?.destroyed).toBe(true));
    await eventually(() => expect(line.passages.size).toBe(0));
  });

  it("harms one connection alone where that is asked for", async () => {
    const [one, two] = [await called(), await called()];
    const passage = [...line.passages].find(({ nearPort }) => nearPort === one.socket.localPort);
    passage?.setWeather({ lost: "both" });
    one.says("one");
    two.says("two");
    await eventually(() => expect(two.heard).toBe("two"));
    expect(one.heard).toBe("");
    line.heal();
    await eventually(() => expect(one.heard).toBe("one"));
  });

  it("lets who sends wait for who does not read, and holds no more than it may", async () => {
    const target = await serving((socket) => {
      far.push(socket);
      socket.pause();
    });
    const slack = await lineTo(target);
    const caller = new Caller(slack.port);
    const size = 32 * 1_048_576;
    caller.socket.write(Buffer.alloc(size, "x"));
    const held = () => [...slack.passages].reduce((sum, { heldBytes }) => sum + heldBytes, 0);
    await eventually(() => expect(held()).toBeGreaterThanOrEqual(MAX_HELD_BYTES));
    expect(held()).toBeLessThan(MAX_HELD_BYTES + PIECE_BYTES);
    expect(caller.socket.writableLength).toBeGreaterThan(0);
    let sum = 0;
    far[0]?.on("data", (bytes) => {
      sum += bytes.length;
    });
    far[0]?.resume();
    await eventually(() => expect(sum).toBe(size));
    expect(held()).toBe(0);
  });
});
