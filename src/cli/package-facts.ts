/** What the program has to know of its own `package.json`. */
export interface PackageFacts {
  readonly version: string;
  readonly peerDependencies: { readonly knex: string };
}
