import { assertId, invalidArgument, type UserId } from "../../core/model.js";

/**
 * Errors: `invalid_argument` for no array, `invalid_user_id` for what is no id in it.
 * @param what how the error names the values, for example `memberIds`
 */
export function assertIds(ids: unknown, what: string): asserts ids is readonly UserId[] {
  if (!Array.isArray(ids)) throw invalidArgument(`${what} must be an array of ids`, ids);
  for (const [index, id] of ids.entries()) assertId(id, `${what}[${index}]`);
}
