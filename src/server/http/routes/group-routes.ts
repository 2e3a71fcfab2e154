import { z } from "zod";
import { idField, idsField, textField, wordField } from "../fields.js";
import { type Route, userRoute } from "../route.js";

const ROLES = ["owner", "admin", "member"] as const;
const group_id = idField("The group");
const user_id = idField("The user it is about");
const texts = { too_large: "the group, or the number of groups of one of these users, would be too large" };
const byRole = ["invalid_user_id", "not_found", "forbidden"] as const;

/** The groups somebody is in, and what is done with them. Every change is made in the name of the caller. */
export const groupRoutes: readonly Route[] = [
  userRoute(
    {
      method: "POST",
      path: "/group/create",
      summary: "Create a group that you own",
      input: z.object({ name: textField("Its name"), ids: idsField("Its other members, without you").default([]) }),
      output: z.object({ id: z.string() }),
      failures: ["invalid_user_id", "not_found", "add_failed", "forbidden"],
      texts: { ...texts, add_failed: "the group cannot be created" },
    },
    async ({ services, userId, input }) => {
      const group = { name: input.name, ownerId: userId, memberIds: input.ids };
      return { id: (await services.groups.create(group, { by: userId })).id };
    },
  ),
  userRoute(
    {
      method: "GET",
      path: "/group/list",
      summary: "The groups you are in",
      input: z.object({}),
      output: z.object({
        groups: z.array(z.object({ id: z.string(), name: z.string(), owner_id: z.string(), role: z.enum(ROLES) })),
      }),
      failures: [],
    },
    async ({ services, userId }) => {
      const groups = await services.groups.of(userId);
      return { groups: groups.map(({ id, name, ownerId, role }) => ({ id, name, owner_id: ownerId, role })) };
    },
  ),
  userRoute(
    {
      method: "POST",
      path: "/group/rename",
      summary: "Give a group another name",
      input: z.object({ group_id, name: textField("Its new name") }),
      output: z.null(),
      failures: byRole,
    },
    async ({ services, userId, input }) => {
      await services.groups.rename(input.group_id, input.name, { by: userId });
      return null;
    },
  ),
  userRoute(
    {
      method: "POST",
      path: "/group/add",
      summary: "Add users to a group",
      input: z.object({ group_id, ids: idsField("Who comes in") }),
      output: z.object({ added: z.int().nonnegative().meta({ description: "How many were not in before" }) }),
      failures: byRole,
      texts,
    },
    async ({ services, userId, input }) => ({
      added: await services.groups.add(input.group_id, input.ids, { by: userId }),
    }),
  ),
  userRoute(
    {
      method: "POST",
      path: "/group/remove",
      summary: "Remove a user from a group",
      input: z.object({ group_id, user_id }),
      output: z.object({ changed: z.boolean().meta({ description: "False when the user was no member" }) }),
      failures: byRole,
    },
    async ({ services, userId, input }) => ({
      changed: await services.groups.remove(input.group_id, input.user_id, { by: userId }),
    }),
  ),
  userRoute(
    {
      method: "POST",
      path: "/group/leave",
      summary: "Leave a group",
      input: z.object({ group_id }),
      output: z.null(),
      failures: byRole,
    },
    async ({ services, userId, input }) => {
      await services.groups.leave(input.group_id, userId);
      return null;
    },
  ),
  userRoute(
    {
      method: "POST",
      path: "/group/role",
      summary: "Make a member an admin, or an admin a member",
      input: z.object({ group_id, user_id, role: wordField(["admin", "member"], "The new role") }),
      output: z.null(),
      failures: byRole,
    },
    async ({ services, userId, input }) => {
      await services.groups.setRole(input.group_id, input.user_id, input.role, { by: userId });
      return null;
    },
  ),
  userRoute(
    {
      method: "POST",
      path: "/group/hand_over",
      summary: "Make a member the owner in your place",
      input: z.object({ group_id, user_id }),
      output: z.null(),
      failures: byRole,
    },
    async ({ services, userId, input }) => {
      await services.groups.handOver(input.group_id, input.user_id, { by: userId });
      return null;
    },
  ),
  userRoute(
    {
      method: "GET",
      path: "/group/members",
      summary: "Who is in a group, with nicknames and roles",
      input: z.object({ group_id }),
      output: z.object({
        members: z.array(z.object({ user_id: z.string(), nickname: z.string().nullable(), role: z.enum(ROLES) })),
      }),
      failures: ["invalid_user_id", "not_found"],
    },
    async ({ services, userId, input }) => {
      const members = await services.groups.members(input.group_id, { by: userId });
      return {
        members: members.map((one) => ({ user_id: one.userId, nickname: one.nickname ?? null, role: one.role })),
      };
    },
  ),
  userRoute(
    {
      method: "GET",
      path: "/group_user/list",
      summary: "The ids of who is in a group",
      input: z.object({ group_id }),
      output: z.object({ ids: z.array(z.string()) }),
      failures: ["invalid_user_id", "not_found"],
    },
    async ({ services, userId, input }) => {
      const members = await services.groups.members(input.group_id, { by: userId });
      return { ids: members.map((member) => member.userId) };
    },
  ),
];
