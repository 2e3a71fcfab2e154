/** The simulator: the real server and real clients on virtual time, and the checker that judges what happened. */

export { type CampaignOptions, type CampaignResult, runCampaign, scheduleSeed } from "./campaign.js";
export { checkHistory } from "./checker.js";
export { VIOLATION_CLASSES, type Violation, type ViolationClass } from "./checks/violation.js";
export type { FinalState, HistoryEntry, HistoryEvent, ShownItem, Stay } from "./history.js";
export { hashHistory } from "./history.js";
export { PROBES, type Probe, ProbeCounts } from "./probes.js";
export { type SimulateOptions, type SimulateResult, simulate } from "./simulate.js";
