import type { z } from "zod";
import type { ErrorCode } from "../../core/errors.js";
import type { UserId } from "../../core/model.js";
import type { CallOrigin } from "../im-accounts.js";
import type { FailureTexts } from "./explain-failure.js";
import type { HttpServices } from "./http-services.js";
import { parseFields, type RawFields } from "./parse-fields.js";

/** What a handler gets. */
export interface Call<Input> {
  readonly services: HttpServices;
  readonly input: Input;
  readonly from: CallOrigin;
}

/** What the handler of a route with a token gets. */
export interface UserCall<Input> extends Call<Input> {
  /** Whose token it was. */
  readonly userId: UserId;
}

/** A route as it is written down. The schemas are what is checked and what the document says. */
interface RouteText<Input extends z.ZodObject, Output extends z.ZodType> {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly summary: string;
  /** Of the query of a GET, of the body of a POST. */
  readonly input: Input;
  /** `data` of the envelope. */
  readonly output: Output;
  /** What the called one may refuse with, besides what every route may. */
  readonly failures: readonly ErrorCode[];
  /** Where this route says more than the table of codes. */
  readonly texts?: FailureTexts;
}

/** A line of the route table. */
export interface Route extends RouteText<z.ZodObject, z.ZodType> {
  /** Whether it takes a token. */
  readonly needsToken: boolean;
  /** Checks the fields and does it. Resolves to `data`. */
  answer(raw: RawFields, call: Omit<UserCall<never>, "input">): Promise<unknown>;
}

/** A route for everybody. */
export function openRoute<Input extends z.ZodObject, Output extends z.ZodType>(
  text: RouteText<Input, Output>,
  handle: (call: Call<z.output<Input>>) => Promise<z.input<Output>>,
): Route {
  const answer: Route["answer"] = async (raw, call) => handle({ ...call, input: parseFields(text.input, raw) });
  return { ...text, needsToken: false, answer };
}

/** A route for who has a token. */
export function userRoute<Input extends z.ZodObject, Output extends z.ZodType>(
  text: RouteText<Input, Output>,
  handle: (call: UserCall<z.output<Input>>) => Promise<z.input<Output>>,
): Route {
  const answer: Route["answer"] = async (raw, call) => handle({ ...call, input: parseFields(text.input, raw) });
  return { ...text, needsToken: true, answer };
}
