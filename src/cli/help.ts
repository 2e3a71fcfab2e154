/** What `shyim --help` and the `--help` of each command print. At most 80 columns. */
export const HELP = {
  everything: `shyim looks after the database of a chat server.

  shyim migrate <file>              bring a database to this version's schema
  shyim migrate <file> --restored   the same for a copy put back from a backup

  shyim backup <file> <copy>        a consistent copy, also while servers write

  shyim <command> --help            all about it
  shyim --version                   which shyim this is`,

  migrate: `shyim migrate <file> [--restored] [--client <name>]

Brings a SQLite database to this version's schema, in one transaction, and says
what it did. A missing file is created, in a folder that exists. When there is
nothing to do, nothing is changed.

  --restored       For a copy put back from a backup, once, before any server
                   starts on it. Gives its history a new sync epoch, so that
                   clients which saw more than the copy holds re-sync instead of
                   missing messages. The file must exist, and no chat.db-wal of
                   the lost database may be left beside it.
  --client <name>  sqlite (what is used without it): comes with Node from 22.13
                   on, before that with the package @photostructure/sqlite.
                   better-sqlite3: that package, installed by you.
  --help           This text.

Exits with 0 when it is done, 1 when it failed, 2 when it was not understood.`,

  backup: `shyim backup <file> <copy> [--client <name>]

Writes a consistent copy of a SQLite database into a new file, also while servers
write to it. Nothing may be there under the name of the copy.

  --client <name>  As for migrate.
  --help           This text.

To put a copy back: stop every server, remove the old file with its -wal and -shm,
copy, and run \`shyim migrate <file> --restored\` before a server starts on it.

Exits with 0 when it is done, 1 when it failed, 2 when it was not understood.`,
} as const;
