/** The customers of the bench signed in at the service, as their phones would do it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { phoneOf } from './customers.ts';
import { type Ask, connect, type Send } from './load.ts';
import { ROUTER_SECRET } from './servers.ts';
import type { BenchUpstream } from './upstream.ts';

/** Headers as the gateway passes them on; each person has an address of their own. */
export function headersOf(n: number, token?: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'router-authorization': ROUTER_SECRET,
    'x-forwarded-for': `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
}

export function graphqlAsk(
  headers: Record<string, string>,
  query: string,
  variables: Record<string, unknown> = {},
): Ask {
  return {
    method: 'POST',
    path: '/graphql',
    headers,
    body: Buffer.from(JSON.stringify({ query, variables })),
  };
}

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { ... on OtpChallenge { otpId } } }';
const VERIFY =
  'mutation ($input: VerifyOtpInput!) { verifyOtp(input: $input) { ... on CustomerSession { accessToken } } }';

const TRIES = 10;
const PAUSE_MS = 300;

/** Asks again where the service, still cold, was not answered in time by what it stands on. */
async function persist(send: Send, ask: Ask): Promise<{ data: Record<string, Record<string, string>> }> {
  for (let left = TRIES; ; left--) {
    const answer = JSON.parse(String(await send(ask)));
    if (answer.errors === undefined) return answer;
    if (left === 0) throw new Error(`nobody can sign in: ${JSON.stringify(answer.errors)}`);
    await sleep(PAUSE_MS);
  }
}

async function signIn(send: Send, upstream: BenchUpstream, n: number): Promise<string> {
  const headers = headersOf(n);
  const number = phoneOf(n);
  const login = graphqlAsk(headers, LOGIN, { input: { phone: { zipCode: '+966', number } } });
  const { otpId } = (await persist(send, login)).data.login ?? {};
  const otpCode = await upstream.codeFor(`+966${number}`);
  const verify = graphqlAsk(headers, VERIFY, { input: { otpId, otpCode } });
  const { accessToken } = (await persist(send, verify)).data.verifyOtp ?? {};
  if (accessToken === undefined) throw new Error(`customer ${n} is not let in`);
  return accessToken;
}

/** Access tokens of the first customers, that of the first one at 0. Rejects when one of them is not let in. */
export async function signInAll(
  origin: string,
  upstream: BenchUpstream,
  customers: number,
): Promise<string[]> {
  const { send, close } = connect(origin);
  const tokens: string[] = [];
  for (let n = 1; n <= customers; n++) tokens.push(await signIn(send, upstream, n));
  await close();
  return tokens;
}
