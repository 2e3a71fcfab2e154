/** Ids of nodes that mean something to a path, a pattern, a number parser or an object of JavaScript, or look like another. */
export const ODD_NODE_IDS: readonly string[] = [
  ...String.raw`/ a/b .. %2F {} * : " ' \ [x] ? # $ __proto__ constructor 0 00 node NODE node/`.split(" "),
  "x".repeat(64),
  `${"x".repeat(63)}y`,
];
