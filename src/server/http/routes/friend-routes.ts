import { z } from "zod";
import { idField, textField } from "../fields.js";
import { type Route, userRoute } from "../route.js";

const friend = z.object({ friend_id: idField("The other user") });
const phone = z.object({ phone_number: textField("As at sign-up; spaces, dashes and brackets are taken out") });
const user = z.object({ user_id: idField("The other user") });
const isChanged = z.boolean().meta({ description: "False when it was so before" });
const changed = z.object({ changed: isChanged });
const WANTS_NOTHING = "this user does not want to hear from you";
const person = z.object({
  user_id: z.string(),
  nickname: z.string().nullable().meta({ description: "null where the application has users of its own" }),
});

/** Who is friends with whom, and who wants to hear nothing of whom. */
export const friendRoutes: readonly Route[] = [
  userRoute(
    {
      method: "POST",
      path: "/friend/add",
      summary: "Become friends with a user; fine also when you are",
      input: friend,
      output: z.null(),
      failures: ["invalid_user_id", "not_found", "blocked"],
      texts: { blocked: WANTS_NOTHING },
    },
    async ({ services, userId, input }) => {
      await services.friends.add(userId, input.friend_id);
      return null;
    },
  ),
  userRoute(
    {
      method: "POST",
      path: "/friend/add_by_phone",
      summary: "Become friends with who has this phone number; 20 numbers at once, then one in 30 s",
      input: phone,
      output: z.object({ user_id: z.string(), nickname: z.string(), changed: isChanged }),
      failures: ["not_found", "blocked", "forbidden"],
      texts: {
        not_found: "nobody here has this number",
        blocked: WANTS_NOTHING,
        forbidden: "nobody is found by phone number here",
      },
    },
    async ({ services, userId, input, from }) => {
      const added = await services.friends.addByPhoneNumber(userId, input.phone_number, from);
      return { user_id: added.userId, nickname: added.nickname, changed: added.changed };
    },
  ),
  userRoute(
    {
      method: "GET",
      path: "/friend/list",
      summary: "Your friends",
      input: z.object({}),
      output: z.object({ friends: z.array(person) }),
      failures: [],
    },
    async ({ services, userId }) => {
      const friends = await services.friends.list(userId);
      return { friends: friends.map((one) => ({ user_id: one.userId, nickname: one.nickname ?? null })) };
    },
  ),
  userRoute(
    {
      method: "POST",
      path: "/friend/remove",
      summary: "End a friendship",
      input: friend,
      output: changed,
      failures: ["invalid_user_id"],
    },
    async ({ services, userId, input }) => ({ changed: await services.friends.remove(userId, input.friend_id) }),
  ),
  userRoute(
    {
      method: "POST",
      path: "/friend/block",
      summary: "Get no messages from a user any more",
      input: user,
      output: changed,
      failures: ["invalid_user_id", "not_found"],
    },
    async ({ services, userId, input }) => ({ changed: await services.friends.block(userId, input.user_id) }),
  ),
  userRoute(
    {
      method: "POST",
      path: "/friend/unblock",
      summary: "Get messages from a user again",
      input: user,
      output: changed,
      failures: ["invalid_user_id"],
    },
    async ({ services, userId, input }) => ({ changed: await services.friends.unblock(userId, input.user_id) }),
  ),
  userRoute(
    {
      method: "GET",
      path: "/friend/blocked",
      summary: "Whom you get no messages from",
      input: z.object({}),
      output: z.object({ ids: z.array(z.string()) }),
      failures: [],
    },
    async ({ services, userId }) => ({ ids: [...(await services.friends.blocked(userId))] }),
  ),
];
