/** What `shyim --help` and the `--help` of each command print. At most 80 columns. */
export const HELP = {
  everything: `shyim looks after the database of a chat server. <database> is the path of a
SQLite file, or a URL: mysql://user:password@host/chat, postgres://…

  shyim migrate <database>              bring it to this version's schema
  shyim migrate <database> --restored   the same, put back from a backup

  shyim backup <file> <copy>            a consistent copy of a SQLite file, also
                                        while servers write

  shyim import --from <url> --to <database> --dry-run
                                        what would become of the chat of a ShyIM
                                        in Go; without --dry-run take it over

  shyim <command> --help                all about it
  shyim --version                       which shyim this is`,

  migrate: `shyim migrate <file> [--restored] [--client <name>]
shyim migrate <mysql://… | postgres://…> [--restored]

Brings a database to this version's schema and says what it did. A missing file
is created, in a folder that exists; the database of a server has to be there.
When there is nothing to do, nothing is changed. For a server the package mysql2
or pg has to be installed.

  --restored       For a database put back from a backup, once, before any
                   server starts on it. Gives its history a new sync epoch, so
                   that clients which saw more than the copy holds re-sync
                   instead of missing messages. A file must exist, and no
                   chat.db-wal of the lost database may be left beside it.
  --client <name>  For a file. sqlite (what is used without it): comes with Node
                   from 22.13 on, before that with the package
                   @photostructure/sqlite. better-sqlite3: that package,
                   installed by you.
  --help           This text.

Exits with 0 when it is done, 1 when it failed, 2 when it was not understood.`,

  backup: `shyim backup <file> <copy> [--client <name>]

Writes a consistent copy of a SQLite database into a new file, also while
servers write to it. Nothing may be there under the name of the copy. A database
server is backed up with its own tools (mariadb-dump, pg_dump).

  --client <name>  As for migrate.
  --help           This text.

To put a copy back: stop every server, remove the old file with its -wal and
-shm, copy, and run \`shyim migrate <file> --restored\` before a server starts
on it.

Exits with 0 when it is done, 1 when it failed, 2 when it was not understood.`,

  import: `shyim import --from <mysql://…> --to <database> [--dry-run]

Takes users, friends, groups and messages of the original ShyIM (in Go) over
into a database without a chat: the path of a SQLite file, which is made, or the
URL of a database, mysql://… or postgres://… Says first what becomes of what,
and lists what has to be left out and why. The original is only read. Stop it
before, and start no server on the target until this is done.

Interrupted, it goes on when it is started again with the same words. It takes
what was there when it was started for the first time. Started once more when it
is complete, it changes nothing.

  --dry-run        Reads everything, says what it would do, and writes nothing.
                   The target does not have to be there.
  --max-content-bytes <n>
                   Leave out messages with larger content. Without it 32768, as
                   for a server's limits.maxContentBytes.
  --client <name>  As for migrate: reads and writes the target's file, and the
                   file in which rows are sorted meanwhile. That one lies beside
                   the target, or for a server in the folder that TMPDIR names,
                   and takes about 300 bytes a row.
  --help           This text.

The original's times have no zone. They are read in the zone of this machine;
TZ=Asia/Shanghai before the command sets another one.

Exits with 0 when it is done, 1 when it failed, 2 when it was not understood.`,
} as const;
