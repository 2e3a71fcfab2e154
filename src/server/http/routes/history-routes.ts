import { z } from "zod";
import { ImError } from "../../../core/errors.js";
import type { Recipient } from "../../../core/recipient.js";
import type { ServerMessage } from "../../im-server.js";
import { encodeBase64 } from "../encode-base64.js";
import { idField, queryNumber } from "../fields.js";
import { type Route, userRoute } from "../route.js";

const MAX_MESSAGES = 200;

const message = z.object({
  message_id: z.string(),
  sender_id: z.string().nullable().meta({ description: "null when the system spoke" }),
  user_id: z.string().nullable().meta({ description: "To whom, in a single chat" }),
  group_id: z.string().nullable().meta({ description: "To which group" }),
  type: z.union([z.string(), z.int()]).meta({ description: '"text", "picture", "voice", or a number' }),
  text: z.string().nullable().meta({ description: "Of type text" }),
  content: z.string().meta({ description: "The bytes in base64", contentEncoding: "base64" }),
  conversation_seq: z.int().nonnegative().meta({ description: "Position in the conversation: 1, 2, 3 …" }),
  sent_at: z.int().nonnegative().meta({ description: "Milliseconds since 1970, of the server" }),
});

/** Reading back. */
export const historyRoutes: readonly Route[] = [
  userRoute(
    {
      method: "GET",
      path: "/history",
      summary: "The newest messages of one conversation, or those before a position",
      input: z.object({
        user_id: idField("A single chat: with whom. Either this or group_id").optional(),
        group_id: idField("A group. Either this or user_id").optional(),
        before: queryNumber(1, Number.MAX_SAFE_INTEGER, "Only positions below it").optional(),
        limit: queryNumber(1, MAX_MESSAGES, "At most so many").optional(),
      }),
      output: z.object({ messages: z.array(message), has_more: z.boolean() }),
      failures: ["invalid_user_id"],
    },
    async ({ services, userId, input: { before, limit, ...to } }) => {
      const options = { ...(before === undefined ? {} : { before }), ...(limit === undefined ? {} : { limit }) };
      const page = await services.messages.history(userId, conversationOf(to), options);
      return { messages: page.messages.map(shown), has_more: page.hasMore };
    },
  ),
];

function conversationOf(to: { user_id?: string | undefined; group_id?: string | undefined }): Recipient {
  if (to.user_id !== undefined && to.group_id === undefined) return { userId: to.user_id };
  if (to.group_id !== undefined && to.user_id === undefined) return { groupId: to.group_id };
  throw new ImError("invalid_argument", { message: "give user_id or group_id, one of the two" });
}

function shown(one: ServerMessage): z.input<typeof message> {
  return {
    message_id: one.messageId,
    sender_id: one.senderId,
    user_id: "userId" in one.to ? one.to.userId : null,
    group_id: "groupId" in one.to ? one.to.groupId : null,
    type: one.type,
    text: one.text ?? null,
    content: encodeBase64(one.content),
    conversation_seq: one.conversationSeq,
    sent_at: one.sentAt,
  };
}
