/** `shyim/testing`: what proves an adapter or an application. Everything public is listed here by hand. */

export { SeededRandom } from "./fakes/random.js";
export { VirtualRuntime, VirtualTime } from "./fakes/virtual-time.js";
