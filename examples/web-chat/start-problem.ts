/** Why the chat cannot start, in a sentence for who started it: what was wrong, what was received, what to do. */
export class StartProblem extends Error {
  override readonly name = "StartProblem";
}
