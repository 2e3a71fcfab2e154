import { describe, expect, it } from "vitest";
import { RestorableServer } from "./restorable-server.js";
import { eventually } from "./stage.js";
import { comesBackAlone, comesBackWith, turnBack } from "./turned-back.js";

describe("an older copy of the file, put back under running clients", () => {
  it("I18, I6: marked as restored, each is reset once, shows nothing twice, and sends again what vanished of its own, before what it wrote meanwhile", async () => {
    const back = await turnBack(await RestorableServer.create());
    const meanwhile = back.gathering.writeMany(10);
    await back.server.markRestored();
    await back.server.start();
    await meanwhile;
    await comesBackWith(40, back);
  });

  it("I18, I6: with the mark forgotten, whose cursor is beyond the head is reset all the same, alone, shows nothing twice, and sends again", async () => {
    const back = await turnBack(await RestorableServer.create());
    await back.server.start();
    await comesBackAlone(back);
  });

  it("I18, I6: with the mark forgotten and as much written anew as had vanished, who finds another message at its cursor is reset, shows nothing twice, and sends again", async () => {
    const { server, gathering, vanished } = await turnBack(await RestorableServer.create());
    await server.start((im) => gathering.notify(im, vanished.length));
    await eventually(() => vanished.every((id) => server.stored.includes(id)), "what vanished is back");
    expect(new Set(server.stored).size).toBe(server.stored.length);
    await gathering.endsWell();
    expect(gathering.setbacks).toEqual([1, 1, 1, 1]);
    expect(gathering.setbacksOfDan).toBe(0);
  });
});
