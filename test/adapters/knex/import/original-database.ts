import createKnex, { type Knex } from "knex";

const TIMES = `create_time datetime not null default current_timestamp comment '创建时间',
  update_time datetime not null default current_timestamp on update current_timestamp comment '更新时间'`;
const ID = "id bigint unsigned not null auto_increment primary key comment '自增主键'";

/** The five tables as gorm makes them of the original's models. No index but the primary keys and the phone numbers. */
const TABLES = [
  `create table \`user\` (${ID}, phone_number varchar(191) not null unique, nickname longtext not null,
    password longtext not null, ${TIMES}) default charset utf8mb4`,
  `create table \`friend\` (${ID}, user_id bigint unsigned not null, friend_id bigint unsigned not null, ${TIMES})`,
  `create table \`group\` (${ID}, name longtext not null, owner_id bigint unsigned not null, ${TIMES}) default charset utf8mb4`,
  `create table \`group_user\` (${ID}, group_id bigint unsigned not null, user_id bigint unsigned not null, ${TIMES})`,
  `create table \`message\` (${ID}, user_id bigint unsigned not null, sender_id bigint unsigned not null,
    session_type tinyint not null, receiver_id bigint unsigned not null, message_type tinyint not null,
    content longblob not null, seq bigint unsigned not null, send_time datetime(3) not null default current_timestamp(3), ${TIMES})`,
];

/** A row of the original's table of messages; what is not named is a text. */
export interface OriginalRow {
  readonly id?: number;
  readonly user_id: number | string;
  readonly sender_id: number;
  readonly session_type?: number;
  readonly receiver_id: number | string;
  readonly message_type?: number;
  readonly content: string | Buffer;
  readonly seq: number;
  /** As the original's wall clock says it. */
  readonly send_time?: string;
}

/** A database as the original leaves it behind. */
export class OriginalDatabase {
  readonly url: string;
  readonly knex: Knex;

  private constructor(url: string) {
    this.url = url;
    this.knex = createKnex({ client: "mysql2", connection: url, pool: { min: 0, max: 1 } });
  }

  /** Makes the tables in an empty database. */
  static async create(url: string): Promise<OriginalDatabase> {
    const original = new OriginalDatabase(url);
    for (const statement of TABLES) await original.knex.raw(statement);
    return original;
  }

  /** Users 1, 2, 3 … of these nicknames. */
  async addUsers(...nicknames: readonly string[]): Promise<void> {
    const rows = nicknames.map((nickname, index) => {
      return { phone_number: `1380000000${index + 1}`, nickname, password: "0123456789abcdef0123456789abcdef" };
    });
    await this.knex("user").insert(rows);
  }

  /** A group, its owner first among the members. */
  async addGroup(id: number, name: string, members: readonly number[]): Promise<void> {
    await this.knex("group").insert({ id, name, owner_id: members[0] });
    await this.knex("group_user").insert(members.map((user_id) => ({ group_id: id, user_id })));
  }

  async addMessages(...rows: readonly OriginalRow[]): Promise<void> {
    const whole = rows.map((row) => ({
      session_type: 1,
      message_type: 1,
      send_time: "2024-05-01 10:00:00.000",
      ...row,
    }));
    if (whole.length > 0) await this.knex("message").insert(whole);
  }

  /** Everything in it, to see that nothing has changed. */
  async checksums(): Promise<unknown> {
    const [rows] = await this.knex.raw("checksum table `user`, `friend`, `group`, `group_user`, `message`");
    return rows;
  }

  close(): Promise<void> {
    return this.knex.destroy();
  }
}
