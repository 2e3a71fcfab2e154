import type { Account } from "../model.js";
import { Api } from "../net/api.js";
import { element, setText } from "./element.js";
import { field } from "./field.js";
import { Form } from "./form.js";

const PHONE = { type: "tel", required: true, autocomplete: "username", maxlength: 40, placeholder: "+41 79 123 45 67" };

/** The page before the chat: signing in, or making an account. */
export function signInPage(signedIn: (account: Account) => void, reason: string | null): HTMLElement {
  const page = new SignInPage(signedIn, reason);
  return page.node;
}

class SignInPage {
  readonly node: HTMLElement;
  readonly #signedIn: (account: Account) => void;
  readonly #phone = field("phone", "Phone number", PHONE, "Your friends find you by it. Nothing is sent to it.");
  readonly #nickname = field("nickname", "Nickname", { autocomplete: "nickname", maxlength: 50 });
  readonly #password = field("password", "Password", { type: "password", required: true, maxlength: 128 }, "");
  readonly #heading = element("h1", {});
  readonly #submit = element("button", { type: "submit", class: "button button--main" });
  readonly #switch = element("button", { type: "button", class: "link" });
  readonly #question = element("span");
  readonly #form: Form;
  #isNew = false;

  constructor(signedIn: (account: Account) => void, reason: string | null) {
    this.#signedIn = signedIn;
    const fields = [this.#phone, this.#nickname, this.#password].map(({ node }) => node);
    this.#form = new Form(fields, [this.#submit], () => this.#run());
    this.#switch.addEventListener("click", () => this.#show(!this.#isNew));
    this.node = element(
      "main",
      { class: "sign-in" },
      element(
        "div",
        { class: "sign-in__card" },
        element("img", { src: "/icon.svg", alt: "", class: "sign-in__sign", width: 48, height: 48 }),
        this.#heading,
        reason === null ? null : element("p", { class: "sign-in__reason", role: "status" }, reason),
        this.#form.node,
        element("p", { class: "sign-in__switch" }, this.#question, " ", this.#switch),
      ),
      element("p", { class: "sign-in__tip" }, "Trying it alone? Open a private window and be somebody else in it."),
    );
    this.#show(false);
  }

  #show(isNew: boolean): void {
    this.#isNew = isNew;
    this.#form.clear();
    setText(this.#heading, isNew ? "Create your account" : "Sign in to chat");
    setText(this.#submit, isNew ? "Create account" : "Sign in");
    setText(this.#question, isNew ? "Been here before?" : "New here?");
    setText(this.#switch, isNew ? "I have an account" : "Create an account");
    this.#nickname.node.hidden = !isNew;
    this.#nickname.input.required = isNew;
    this.#password.input.autocomplete = isNew ? "new-password" : "current-password";
    this.#password.input.minLength = isNew ? 8 : 0;
    const hint = this.#password.node.querySelector(".field__hint");
    if (hint !== null) setText(hint, isNew ? "8 characters or more." : "");
  }

  async #run(): Promise<void> {
    const credentials = { phoneNumber: this.#phone.input.value, password: this.#password.input.value };
    if (this.#isNew && this.#nickname.input.value.trim() === "") throw new Error("Choose a nickname.");
    const api = new Api();
    const token = this.#isNew
      ? await api.register(this.#nickname.input.value, credentials)
      : await api.login(credentials);
    this.#signedIn({ ...(await new Api(token).me()), token });
  }
}
