/** Ids that mean something to a query language, to a pattern, to a number parser or to an object of JavaScript. */
export const ODD_IDS: readonly string[] = [
  ...String.raw`' " \ \' % _ a% -- ; ';-- $1 ? :id {} [] () ~ ! # & <b> * / ,`.split(" "),
  ..."0 00 01 1 1.0 1e0 -1 +1 0x1 9007199254740993 NaN null undefined true".split(" "),
  ..."__proto__ constructor toString hasOwnProperty ` $".split(" "),
  "x".repeat(64),
  `${"x".repeat(63)}y`,
];

/** Pairs of ids a careless collation or comparison takes for the same. */
export const NEAR_TWINS: readonly (readonly [string, string])[] = [
  ["user", "USER"],
  ["user", "User"],
  ["1", "01"],
  ["1", "1.0"],
  ["a", "a\\"],
  ["ab", "a_"],
  ["ab", "a%"],
  ["ss", "sS"],
];
