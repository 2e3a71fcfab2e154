import { invalidArgument, isId } from "../../core/model.js";
import type { NodeId, NodeInfo } from "../contracts/nodes.js";

/** One key as it was at a revision of etcd. */
export interface NodeRecord {
  readonly id: NodeId;
  readonly revision: bigint;
  /** `null`: there is none, or nothing that one of us has written. */
  readonly node: NodeInfo | null;
}

/** What etcd tells of a key. */
export interface KeyValue {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly mod_revision: string;
}

const MAX_VALUE_BYTES = 1_024;
const ADDRESS = /^[!-~]{1,255}$/;

/** Errors: `invalid_argument` for a node that others could not read. */
export function assertNode(id: unknown, address: unknown): void {
  if (!isId(id)) throw invalidArgument("id must be 1–64 printable ASCII characters without spaces", id);
  if (typeof address !== "string" || !ADDRESS.test(address))
    throw invalidArgument("address must be 1–255 printable ASCII characters without spaces", address);
}

/** All keys of a cluster begin so, and no other keys do. */
export function keyStart(prefix: string): string {
  return `${prefix}nodes/`;
}

/** The key of a node. A slash is no part of an id there, so that what belongs to a longer prefix is never taken for a node. */
export function nodeKey(start: string, id: NodeId): Buffer {
  return Buffer.from(start + escapedId(id));
}

/** What stands below the key. */
export function nodeValue({ epoch, address }: NodeInfo): Buffer {
  return Buffer.from(JSON.stringify({ epoch, address }));
}

/** What a key says; `null` for one that is none of ours. */
export function parseRecord(start: string, { key, value, mod_revision }: KeyValue): NodeRecord | null {
  const id = parseId(key.toString("latin1"), start);
  if (id === null) return null;
  return { id, revision: BigInt(mod_revision), node: parseNode(id, value) };
}

function parseId(key: string, start: string): NodeId | null {
  if (!key.startsWith(start)) return null;
  const escaped = key.slice(start.length);
  const id = escaped.replace(/%(25|2f)/g, (_, code: string) => (code === "25" ? "%" : "/"));
  return isId(id) && escapedId(id) === escaped ? id : null;
}

function parseNode(id: NodeId, value: Buffer): NodeInfo | null {
  if (value.length > MAX_VALUE_BYTES) return null;
  const { epoch, address } = Object(parseJson(value.toString("utf8"))) as Readonly<Record<string, unknown>>;
  return isId(epoch) && typeof address === "string" && ADDRESS.test(address) ? { id, address, epoch } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function escapedId(id: NodeId): string {
  return id.replace(/[%/]/g, (character) => (character === "%" ? "%25" : "%2f"));
}
