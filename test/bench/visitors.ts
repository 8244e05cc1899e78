/** The customers of the bench signed in at the service, as their phones would do it. */
import { CUSTOMERS, phoneOf } from './customers.ts';
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

async function signIn(send: Send, upstream: BenchUpstream, n: number): Promise<string> {
  const headers = headersOf(n);
  const number = phoneOf(n);
  const phone = { zipCode: '+966', number };
  const asked = JSON.parse(String(await send(graphqlAsk(headers, LOGIN, { input: { phone } }))));
  const otpCode = await upstream.codeFor(`+966${number}`);
  const { otpId } = asked.data.login;
  const given = JSON.parse(String(await send(graphqlAsk(headers, VERIFY, { input: { otpId, otpCode } }))));
  return given.data.verifyOtp.accessToken;
}

/** An access token of each customer, that of the first one at 0. Rejects when one of them is not let in. */
export async function signInAll(origin: string, upstream: BenchUpstream): Promise<string[]> {
  const { send, close } = connect(origin);
  const tokens: string[] = [];
  for (let n = 1; n <= CUSTOMERS; n++) tokens.push(await signIn(send, upstream, n));
  await close();
  return tokens;
}
