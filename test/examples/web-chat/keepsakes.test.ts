import { describe, expect, it } from "vitest";
import { keepsakes } from "../../../examples/web-chat/page/src/keepsakes.js";
import { MadeUpStorage } from "./made-up.js";

const forbidden = (): never => {
  throw new Error("access is denied");
};

describe("what the page remembers", () => {
  it("is what the browser remembers", () => {
    const storage = new MadeUpStorage();
    keepsakes(() => storage).setItem("a", "1");
    expect(keepsakes(() => storage).getItem("a")).toBe("1");
  });

  it("is remembered by the page alone where the browser forbids it", () => {
    const here = keepsakes(forbidden);
    expect(here.getItem("a")).toBeNull();
    here.setItem("a", "1");
    expect(here.getItem("a")).toBe("1");
    here.removeItem("a");
    expect(here.getItem("a")).toBeNull();
  });

  it("is remembered by the page where the browser has no room left, instead of the older value", () => {
    const storage = new MadeUpStorage();
    storage.setItem("a", "old");
    const here = keepsakes(() => Object.assign(Object.create(storage), { getItem: () => "old", setItem: forbidden }));
    here.setItem("a", "new");
    expect(here.getItem("a")).toBe("new");
  });
});
