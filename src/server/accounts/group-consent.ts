import type { BlockStore } from "../../adapters/contracts/index.js";
import { ImError } from "../../core/errors.js";
import { describe, type GroupId, type UserId } from "../../core/model.js";
import type { Deadlines } from "../deadlines.js";
import type { People } from "./people.js";

/** Somebody whom a user wants to add to a group. */
export interface AdditionEvent {
  /** Who wants it. */
  readonly by: UserId;
  /** Whom. */
  readonly userId: UserId;
  /** The group; `null` while it is being created. */
  readonly groupId: GroupId | null;
}

/** Says whether a user may be added. Awaited; `false` refuses the whole call, and what it throws rejects it. */
export type CanAddToGroup = (event: AdditionEvent) => boolean | Promise<boolean>;

/** What asking for consent needs. */
export interface GroupConsentServices {
  readonly people: People;
  readonly blocks: BlockStore;
  /** The application's own rule, asked last. */
  readonly canAddToGroup: CanAddToGroup | undefined;
  readonly deadlines: Deadlines;
}

/** Whether somebody may be added by a user: they exist, have not blocked that user, and the application agrees. */
export class GroupConsent {
  readonly #services: GroupConsentServices;

  constructor(services: GroupConsentServices) {
    this.#services = services;
  }

  /**
   * Throws unless each of `userIds` may be added.
   * Errors: `not_found` for an unknown user; `forbidden`, the same for who has blocked the adder and who may not be added.
   */
  async assertAll(by: UserId, userIds: readonly UserId[], groupId: GroupId | null): Promise<void> {
    const { people, blocks } = this.#services;
    const missing = await people.findMissing(userIds);
    if (missing !== undefined) throw new ImError("not_found", { message: `there is no user ${describe(missing)}` });
    const unwilling = await blocks.whoHasBlocked(by, userIds);
    for (const userId of userIds) {
      if (!unwilling.has(userId) && (await this.#agrees({ by, userId, groupId }))) continue;
      throw new ImError("forbidden", { message: `${describe(userId)} cannot be added by this user` });
    }
  }

  async #agrees(event: AdditionEvent): Promise<boolean> {
    const { canAddToGroup, deadlines } = this.#services;
    if (canAddToGroup === undefined) return true;
    return (await deadlines.within("hooks.canAddToGroup", () => canAddToGroup(event))) === true;
  }
}
