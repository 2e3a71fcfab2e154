import type { Assigner, GroupMember, PartitionAssigner } from "kafkajs";
import type { KafkaModule } from "./load-kafka.js";
import { type Claimant, sharePartitions } from "./share-partitions.js";

/** What a node says of itself. */
export type Claims = Omit<Claimant, "id">;

const NAME = "shyim";
const VERSION = 1;

/** How the nodes of a group share the topic: see {@link sharePartitions}. @param claims what this node says of itself just now */
export function assignerOf({ AssignerProtocol }: KafkaModule, claims: () => Claims): PartitionAssigner {
  const { MemberMetadata, MemberAssignment } = AssignerProtocol;
  const claimantOf = ({ memberId, memberMetadata }: GroupMember): Claimant => {
    const userData = MemberMetadata.decode(memberMetadata)?.userData;
    return { id: memberId, ...parseClaims(userData?.toString()) };
  };
  return ({ cluster }): Assigner => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => {
      const userData = Buffer.from(JSON.stringify(claims()));
      return { name: NAME, metadata: MemberMetadata.encode({ version: VERSION, topics, userData }) };
    },
    assign: async ({ members, topics }) => {
      const [topic = ""] = topics;
      const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
      const shares = sharePartitions(partitions, members.map(claimantOf));
      const encode = (share: number[]): Buffer =>
        MemberAssignment.encode({ version: VERSION, assignment: { [topic]: share }, userData: Buffer.alloc(0) });
      return [...shares].map(([memberId, share]) => ({ memberId, memberAssignment: encode(share) }));
    },
  });
}

/** Claims nothing where it makes no sense: another version may say it otherwise. */
function parseClaims(text = "{}"): Claims {
  try {
    const { isRetiring, held, owned } = Object(JSON.parse(text)) as Partial<Record<keyof Claims, unknown>>;
    return { isRetiring: isRetiring === true, held: integersOf(held), owned: integersOf(owned) };
  } catch {
    return { isRetiring: false, held: [], owned: [] };
  }
}

function integersOf(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((each) => Number.isInteger(each)) : [];
}
