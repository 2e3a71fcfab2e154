import { describe, expect } from "vitest";
import { browserTest } from "./stage.js";

describe("the page", () => {
  browserTest(
    "cannot make code of text: eval throws there, and a connection to elsewhere is not opened",
    async (stage) => {
      const ada = await stage.signUp("Ada");
      ada.watch.expect(/^policy: |TrustedScript|Content Security Policy/);
      // What the browser's debugger runs itself is allowed everything; what a timer runs is the page's.
      const outcome = await ada.page.evaluate(
        () =>
          new Promise<string>((resolve) =>
            setTimeout(() => {
              try {
                // biome-ignore lint/security/noGlobalEval: that it does not work is what is tested
                resolve(`it ran: ${globalThis.eval("1 + 1")}`);
              } catch (error) {
                resolve((error as Error).name);
              }
            }),
          ),
      );
      expect(outcome).toBe("EvalError");
      const answer = await ada.page.evaluate(() => fetch("http://127.0.0.1:9/").catch(() => "refused"));
      expect(answer).toBe("refused");
    },
  );

  browserTest("does everything it does where no engine makes code of text", async (stage) => {
    const [ada, bob] = [await stage.person("Ada"), await stage.person("Bob")];
    for (const { page } of [ada, bob]) await page.addInitScript(forbidCodeOfText);
    for (const person of [ada, bob]) await person.signUp();
    await ada.addContact(bob);
    await bob.addContact(ada);
    await ada.write("hello");
    await bob.message("hello").waitFor();
    await bob.write("hello-too");
    await ada.message("hello-too").waitFor();
  });
});

/** Runs before the page: whatever makes code of text reports itself as an error that nobody caught. */
function forbidCodeOfText(): void {
  const refuse = (): never => {
    const error = new EvalError("code was to be made of text");
    reportError(error);
    throw error;
  };
  globalThis.eval = refuse;
  for (const kind of [() => {}, async () => {}, function* () {}, async function* () {}]) {
    Object.defineProperty(Object.getPrototypeOf(kind), "constructor", { value: refuse });
  }
  globalThis.Function = refuse as unknown as FunctionConstructor;
}
