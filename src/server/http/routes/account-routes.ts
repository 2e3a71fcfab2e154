import { z } from "zod";
import { textField } from "../fields.js";
import { openRoute, type Route, userRoute } from "../route.js";

const phoneNumber = textField("5–20 digits, an optional + before them; spaces, dashes and brackets are taken out");
const nickname = textField("1–50 characters that can be seen");
const password = textField("8–128 characters");
const signedIn = z.object({ token: z.string(), user_id: z.string() });

/** Signing up and in, and what users do about themselves. */
export const accountRoutes: readonly Route[] = [
  openRoute(
    {
      method: "POST",
      path: "/register",
      summary: "Sign up",
      input: z.object({ phone_number: phoneNumber, nickname, password }),
      output: z.object({ token: z.string(), id: z.string() }),
      failures: ["add_failed", "forbidden"],
      texts: { add_failed: "the account cannot be created" },
    },
    async ({ services, input, from }) => {
      const registration = { phoneNumber: input.phone_number, nickname: input.nickname, password: input.password };
      const { token, userId } = await services.users.register(registration, from);
      return { token, id: userId };
    },
  ),
  openRoute(
    {
      method: "POST",
      path: "/login",
      summary: "Sign in",
      input: z.object({ phone_number: phoneNumber, password }),
      output: signedIn,
      failures: ["unauthenticated", "forbidden"],
      texts: { unauthenticated: "the phone number or the password is wrong" },
    },
    async ({ services, input, from }) => {
      const credentials = { phoneNumber: input.phone_number, password: input.password };
      const { token, userId } = await services.users.login(credentials, from);
      return { token, user_id: userId };
    },
  ),
  userRoute(
    {
      method: "GET",
      path: "/me",
      summary: "Who you are",
      input: z.object({}),
      output: z.object({ user_id: z.string(), nickname: z.string(), phone_number: z.string() }),
      failures: ["not_found", "forbidden"],
    },
    async ({ services, userId }) => {
      const me = await services.users.me(userId);
      return { user_id: me.userId, nickname: me.nickname, phone_number: me.phoneNumber };
    },
  ),
  userRoute(
    {
      method: "POST",
      path: "/me/nickname",
      summary: "Change your nickname",
      input: z.object({ nickname }),
      output: z.null(),
      failures: ["not_found", "forbidden"],
    },
    async ({ services, userId, input }) => {
      await services.users.rename(userId, input.nickname);
      return null;
    },
  ),
  userRoute(
    {
      method: "POST",
      path: "/me/password",
      summary: "Change your password; every token from before ends",
      input: z.object({ password, new_password: password }),
      output: signedIn,
      failures: ["not_found", "forbidden"],
      texts: { unauthenticated: "the token was not accepted, or the password is wrong" },
    },
    async ({ services, userId, input }) => {
      const passwords = { password: input.password, newPassword: input.new_password };
      const fresh = await services.users.changePassword(userId, passwords);
      return { token: fresh.token, user_id: fresh.userId };
    },
  ),
  userRoute(
    {
      method: "POST",
      path: "/log_out_everywhere",
      summary: "End all your sessions and tokens, this one too",
      input: z.object({}),
      output: z.object({
        sessions: z.int().nonnegative().meta({ description: "How many sessions there were on this node" }),
      }),
      failures: ["not_found", "forbidden"],
    },
    async ({ services, userId }) => ({ sessions: await services.users.logOutEverywhere(userId) }),
  ),
];
