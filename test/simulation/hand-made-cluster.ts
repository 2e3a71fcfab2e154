import type { DevicePolicy } from "../../src/adapters/contracts/index.js";
import { HandMade } from "./hand-made.js";

/** Hand-made histories of several nodes, and of users with two devices. */
export class HandMadeCluster extends HandMade {
  #links = 100;

  constructor(policy: DevicePolicy = "multi") {
    super();
    this.add({ kind: "rules", policy });
  }

  /** A device knocks at a node; the number of its link. */
  knock(device: string, node = 0): number {
    const [userId = ""] = device.split("/");
    this.add({ kind: "opened", device, userId, author: "sdk", saved: [] });
    this.add({ kind: "knocked", device, link: ++this.#links, node });
    return this.#links;
  }

  signIn(device: string, node = 0): number {
    const link = this.knock(device, node);
    this.add({ kind: "online", device, epoch: "e1", link, node });
    return link;
  }

  turnAway(device: string): void {
    this.add({ kind: "turned_away", device, code: "forbidden", link: this.knock(device, 1) });
  }

  replace(device: string): void {
    this.add({ kind: "offline", device });
    this.add({ kind: "gave_up", device, closeCode: 4409, message: "signed in on another device" });
  }

  quiet(): void {
    this.add({ kind: "quiet", problems: [] });
  }
}

/** The classes of what the checker finds in a history. */
export function judge(policy: DevicePolicy, write: (history: HandMadeCluster) => void): string[] {
  const history = new HandMadeCluster(policy);
  write(history);
  return history.classes();
}

/** A history, and the classes of what is to be found in it. */
export type Case = readonly [name: string, expected: readonly string[], write: (history: HandMadeCluster) => void];
