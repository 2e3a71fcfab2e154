import { describe, expect } from "vitest";
import type { Person } from "./person.js";
import { noisePng } from "./png.js";
import { browserTest } from "./stage.js";
import { until } from "./until.js";

interface Size {
  readonly width: number;
  readonly height: number;
}

function choosePicture({ page }: Person, buffer: Buffer): Promise<void> {
  const file = page.getByLabel("Picture", { exact: true });
  return file.setInputFiles({ name: "picture.png", mimeType: "image/png", buffer });
}

/** The size of the only picture in the open conversation, once it is shown. */
async function sizeShown(person: Person): Promise<Size> {
  const picture = person.messages.getByRole("img", { name: /picture/i }).first();
  await picture.waitFor();
  const look = (): Promise<Size> =>
    picture.evaluate((node) => {
      const { naturalWidth: width, naturalHeight: height } = node as HTMLImageElement;
      return { width, height };
    });
  return until(`${person.nickname} sees the picture`, look, ({ width }) => width > 0);
}

describe("a picture", () => {
  browserTest(
    "is sent and shown on the other side, after loading again, too, and can be looked at large",
    async (stage) => {
      const [ada, bob] = await stage.pair();
      await choosePicture(ada, noisePng(120, 80));
      expect(await sizeShown(bob)).toEqual({ width: 120, height: 80 });
      await bob.page.reload();
      expect(await sizeShown(bob)).toEqual({ width: 120, height: 80 });
      await bob.messages.getByRole("button", { name: /picture/i }).click();
      await bob.page
        .getByRole("dialog")
        .getByRole("img", { name: /picture/i })
        .waitFor();
      await bob.page.keyboard.press("Escape");
      await bob.page.getByRole("dialog").waitFor({ state: "detached" });
    },
  );

  browserTest("of 4000 by 3000 pixels arrives scaled down, in its shape", async (stage) => {
    const [ada, bob] = await stage.pair();
    await choosePicture(ada, noisePng(4_000, 3_000));
    const { width, height } = await sizeShown(bob);
    expect(width).toBeGreaterThan(100);
    expect(width).toBeLessThan(4_000);
    expect(width / height).toBeCloseTo(4 / 3, 1);
  });

  browserTest("that is none is refused in words", async (stage) => {
    const [ada] = await stage.pair();
    await choosePicture(ada, Buffer.from("no picture at all"));
    await ada.page
      .getByText(/no picture/)
      .first()
      .waitFor();
    expect(await ada.messages.getByRole("img", { name: /picture/i }).count()).toBe(0);
  });
});
