/** Why a node cannot start, in sentences for who started it: which setting, what was received, what to do. */
export class ConfigProblem extends Error {
  override readonly name = "ConfigProblem";
}
