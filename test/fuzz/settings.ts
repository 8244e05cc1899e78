/** How much is tried: little and always the same in the test run, more and always other in `npm run fuzz`. */

export const isLong = process.env.FUZZ === 'long';
/** Of every run; the one that a failure prints repeats it, as `FUZZ_SEED`. */
export const SEED = Number(process.env.FUZZ_SEED ?? (isLong ? Date.now() % 2 ** 31 : 20_260_301));
const LIMIT_MS = 240_000;

/** fast-check's own parameters. */
export function runs(short: number, long = short * 10) {
  return { seed: SEED, numRuns: isLong ? long : short, interruptAfterTimeLimit: LIMIT_MS };
}

/** Settings under which one client may try as often as it likes. */
export const NO_LIMITS: Readonly<Record<string, string>> = Object.fromEntries([
  ['NODE_ENV', 'test'],
  ['OTP_PAUSE_SECONDS', '0'],
  ...[
    ...['OTP_PER_PHONE_HOUR', 'OTP_PER_PHONE_DAY', 'OTP_PER_IPV4_HOUR', 'OTP_PHONES_PER_IPV4_HOUR'],
    ...['OTP_PER_IPV6_HOUR', 'OTP_PHONES_PER_IPV6_HOUR', 'OTP_FAILURES_PER_CLIENT', 'OTP_FAILURES_PER_PHONE'],
  ].map((name) => [name, '1000000']),
]);
