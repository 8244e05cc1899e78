/**
 * Signs in to a sandbox by phone and prints the customer's addresses:
 *
 *     npx tsx examples/script/addresses.ts [url] [phone] [en|ar]
 */
import { GraphQLClient } from 'graphql-request';
import {
  AddressesDocument,
  LoginDocument,
  LogoutDocument,
  VerifyOtpDocument,
} from './generated/operations.ts';

const [url = 'http://localhost:4000/graphql', phone = '0501234567', language = 'en'] = process.argv.slice(2);
const client = new GraphQLClient(url, { headers: { 'accept-language': language } });

/** Text messages to the phone, newest first. Only a sandbox shows them. */
async function messages(): Promise<{ id: number; text: string }[]> {
  const response = await fetch(new URL('/sandbox/outbox.json', url));
  if (!response.ok) throw new Error('This is no sandbox: it has no outbox to read the code from.');
  const all: { id: number; to: string; text: string }[] = await response.json();
  return all.filter(({ to }) => to.endsWith(phone.replace(/^0/, '')));
}

/** The code of the message that comes after the one with `lastId`; messages go out after the answer. */
async function codeAfter(lastId: number): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const [newest] = await messages();
    const code = newest && newest.id > lastId && /\b\d{6}\b/.exec(newest.text)?.[0];
    if (code) return code;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('No code has come.');
}

/** What a person could act on, a script can only report. */
function refused({ __typename, message }: { __typename: string; message?: string }): Error {
  return new Error(`${__typename}: ${message ?? 'not expected here'}`);
}

async function signIn(): Promise<string> {
  const lastId = (await messages())[0]?.id ?? 0;
  const { login } = await client.request(LoginDocument, { input: { phone: { number: phone } } });
  if (login.__typename !== 'OtpChallenge') throw refused(login);
  const input = { otpId: login.otpId, otpCode: await codeAfter(lastId) };
  const { verifyOtp } = await client.request(VerifyOtpDocument, { input });
  if (verifyOtp.__typename !== 'CustomerSession') throw refused(verifyOtp);
  return verifyOtp.accessToken;
}

try {
  client.setHeader('authorization', `Bearer ${await signIn()}`);
  const { addresses } = await client.request(AddressesDocument);
  for (const { label, street, city, region, countryCode } of addresses ?? []) {
    console.log(
      [label, ...street, city, region?.name, countryCode].filter((part) => part !== null).join(', '),
    );
  }
  // A customer has ten sessions at most: each that a script leaves behind pushes a person's own out.
  await client.request(LogoutDocument);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
