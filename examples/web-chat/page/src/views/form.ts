import { element, setText } from "./element.js";

/** A form that does one thing at a time, and says under its fields why it did not work. */
export class Form {
  readonly node: HTMLFormElement;
  readonly #fields: HTMLFieldSetElement;
  readonly #problem = element("p", { class: "form__problem", role: "alert" });
  readonly #submit: () => Promise<void>;

  /** @param submit does it; what it rejects with is shown */
  constructor(content: readonly Node[], actions: readonly Node[], submit: () => Promise<void>) {
    this.#submit = submit;
    this.#fields = element("fieldset", { class: "form__fields" }, ...content);
    const buttons = element("div", { class: "form__actions" }, ...actions);
    const run = (event: Event): void => {
      event.preventDefault();
      void this.#run();
    };
    this.node = element("form", { class: "form", onsubmit: run }, this.#fields, this.#problem, buttons);
  }

  /** Takes the problem away. */
  clear(): void {
    setText(this.#problem, "");
  }

  async #run(): Promise<void> {
    if (this.#fields.disabled) return;
    this.clear();
    this.#fields.disabled = true;
    try {
      await this.#submit();
    } catch (error) {
      setText(this.#problem, error instanceof Error ? error.message : "That did not work.");
    } finally {
      this.#fields.disabled = false;
      if (this.#problem.textContent !== "") this.#fields.querySelector("input")?.focus();
    }
  }
}
