import { describe, expect } from "vitest";
import { browserTest } from "./stage.js";

describe("a refused message", () => {
  browserTest("says why, and goes out by “Try again” when the reason is gone", async (stage) => {
    const [ada, bob] = await stage.pair();
    const [token, adaId] = [await bob.token(), await ada.userId()];
    await stage.server.call("/friend/block", { user_id: adaId }, token);
    await ada.write("knock");
    await ada.hears("knock", "not sent");
    await ada
      .message("knock")
      .getByText(/does not take messages/)
      .waitFor();
    await stage.server.call("/friend/unblock", { user_id: adaId }, token);
    await ada.message("knock").getByRole("button", { name: "Try again" }).click();
    await ada.hears("knock", "sent");
    expect(await bob.sees(1)).toEqual(["knock"]);
    expect(await ada.notes()).toEqual(["knock"]);
    expect(await ada.page.getByRole("button", { name: "Try again" }).count()).toBe(0);
  });

  browserTest("is still there, with its reason, when the page is loaded again", async (stage) => {
    const [ada, bob] = await stage.pair();
    await stage.server.call("/friend/block", { user_id: await ada.userId() }, await bob.token());
    await ada.write("knock");
    await ada.hears("knock", "not sent");
    await ada.page.reload();
    await ada.hears("knock", "not sent");
    await ada
      .message("knock")
      .getByText(/does not take messages/)
      .waitFor();
  });

  browserTest("is gone for good by “Discard”", async (stage) => {
    const [ada, bob] = await stage.pair();
    await stage.server.call("/friend/block", { user_id: await ada.userId() }, await bob.token());
    await ada.write("knock");
    await ada.hears("knock", "not sent");
    await ada.message("knock").getByRole("button", { name: "Discard" }).click();
    await ada.message("knock").waitFor({ state: "detached" });
    await ada.page.reload();
    await ada.conversation("Bob").waitFor();
    expect(await ada.notes()).toEqual([]);
  });
});
