import { describe, expect, it, onTestFinished } from "vitest";
import { Gathering } from "./gathering.js";
import { RestorableServer } from "./restorable-server.js";
import { eventually } from "./stage.js";

/** Everybody has written, the server has stopped, and its file is an older copy. */
async function turnedBack() {
  const server = await RestorableServer.create();
  onTestFinished(() => server.dispose());
  const gathering = await Gathering.on(server);
  const vanished = await gathering.writeBeyondCopy();
  await server.putBack();
  return { server, gathering, vanished };
}

const sorted = (ids: readonly string[]) => [...ids].sort();

describe("an older copy of the file, put back under running clients", () => {
  it("I18, I6: marked as restored, each is reset once, shows nothing twice, and sends again what vanished of its own, before what it wrote meanwhile", async () => {
    const { server, gathering, vanished } = await turnedBack();
    const meanwhile = gathering.writeMany(10);
    await server.markRestored();
    await server.start();
    await meanwhile;
    await eventually(() => vanished.every((id) => server.stored.includes(id)), "what vanished is back");
    expect(new Set(server.stored).size).toBe(server.stored.length);
    expect(server.stored.length).toBe(vanished.length + 40);
    await gathering.endsWell();
    expect(gathering.setbacks).toEqual([1, 1, 1, 1]);
  });

  it("I18, I6: with the mark forgotten, whose cursor is beyond the head is reset all the same, alone, shows nothing twice, and sends again", async () => {
    const { server, gathering, vanished } = await turnedBack();
    await server.start();
    await eventually(() => server.stored.length >= vanished.length, "what vanished is back");
    expect(sorted(server.stored)).toEqual(sorted(vanished));
    await gathering.endsWell();
    expect(gathering.setbacks).toEqual([1, 1, 1, 1]);
    expect(gathering.setbacksOfDan).toBe(0);
  });

  it("I18, I6: with the mark forgotten and as much written anew as had vanished, who finds another message at its cursor is reset, shows nothing twice, and sends again", async () => {
    const { server, gathering, vanished } = await turnedBack();
    await server.start((im) => gathering.notify(im, vanished.length));
    await eventually(() => vanished.every((id) => server.stored.includes(id)), "what vanished is back");
    expect(new Set(server.stored).size).toBe(server.stored.length);
    await gathering.endsWell();
    expect(gathering.setbacks).toEqual([1, 1, 1, 1]);
    expect(gathering.setbacksOfDan).toBe(0);
  });
});
