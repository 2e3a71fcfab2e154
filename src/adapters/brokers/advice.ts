/** By the code or the words of a failure: what it says of the way to a broker, and what to do. The first that fits counts. */
const ADVICE: readonly (readonly [sign: RegExp, advice: string])[] = [
  [/ECONNREFUSED/, "nobody listens there: check the address, and whether the broker runs"],
  [/ENOTFOUND|EAI_AGAIN/, "there is no such host: check the address"],
  [/TIMEDOUT|EHOSTUNREACH|ENETUNREACH|connection timeout/i, "nothing comes back: check the address and the firewall"],
  [/SELF_SIGNED|UNABLE_TO_/, "give the authority that has signed its certificate as ssl.ca"],
  [/ALTNAME_INVALID/, "name it by a name that is in its certificate"],
  [/CERT_HAS_EXPIRED/, "its certificate has ended: it needs a new one"],
  [/EPROTO|ERR_SSL/, "check whether it speaks TLS on this port, and asks for a certificate (ssl.cert and ssl.key)"],
  [/ECONNRESET|closed connection|closed abruptly/i, "it hung up: check whether it speaks TLS on this port"],
];

/**
 * What is wrong with a broker, in one line that an operator can act on.
 * @param place the broker, without secrets
 * @param more advice of this kind of broker, which comes first
 */
export function explain(place: string, failure: string, code: unknown, more: typeof ADVICE = []): string {
  const sign = `${typeof code === "string" || typeof code === "number" ? code : ""} ${failure}`;
  const advice = [...more, ...ADVICE].find(([fits]) => fits.test(sign))?.[1];
  return `${place}: ${failure}${advice === undefined ? "" : ` (${advice})`}`;
}
