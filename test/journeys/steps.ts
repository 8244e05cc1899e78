/** What clients do at every turn, and what tests look up behind the service's back. */
import { expect, vi } from 'vitest';
import type { CustomerRow, Shop } from '../../src/sandbox/m2/shop.ts';
import type { OutboxMessage } from '../../src/sandbox/outbox.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import {
  type DeviceInput,
  HmgLoginDocument,
  type HmgLoginInput,
  LoginDocument,
  type LoginInput,
  RegisterDocument,
  type RegisterInput,
  VerifyOtpDocument,
} from '../support/operations.ts';
import type { Asking, GraphQLAnswer, RunningService } from '../support/service.ts';

/** Whatever answers operations. */
export type Client = Pick<RunningService, 'ask'>;

/** The data of an answer without errors. */
export function dataOf<Data>({ status, data, errors }: GraphQLAnswer<Data>): Data {
  expect(errors).toEqual([]);
  expect(status).toBe(200);
  return data;
}

/** A result as the member of its union that it has to be. */
export function as<Result extends { __typename: string }, Name extends Result['__typename']>(
  name: Name,
  result: Result,
): Extract<Result, { __typename: Name }> {
  expect(result).toMatchObject({ __typename: name });
  return result as Extract<Result, { __typename: Name }>;
}

/** The stand-ins of a service that runs on them. */
export function sandboxOf({ sandbox }: RunningService): Sandbox {
  if (!sandbox) throw new Error('the service does not run on the sandbox');
  return sandbox;
}

export function shopOf(service: RunningService): Shop {
  return sandboxOf(service).m2.shop;
}

/** What the shop holds of the customer with this id or e-mail. */
export function rowOf(shop: Shop, idOrEmail: string): CustomerRow {
  const row = [...shop.customers.values()].find(({ id, email }) => [String(id), email].includes(idOrEmail));
  if (!row) throw new Error(`the shop has no customer ${idOrEmail}`);
  return row;
}

/** The custom attributes that the shop holds of a customer or an address. */
export function attributesOf({ custom }: { custom: ReadonlyMap<string, string> }): Record<string, string> {
  return Object.fromEntries(custom);
}

/** The writes that M2 has been sent so far, as `PUT V1/customers/{id}`; reset links and the like among them. */
export function writesOf({ logged }: RunningService): string[] {
  return logged
    .map((line) => JSON.parse(line))
    .filter(({ upstream, method }) => upstream === 'M2' && method !== 'GET')
    .map(({ method, route }) => `${method} ${route}`);
}

/** The newest message to this phone or e-mail address that holds `words`, once it is there. */
export function messageTo(sandbox: Sandbox, to: string, words: string): Promise<OutboxMessage> {
  return vi.waitFor(() => {
    const message = sandbox.outbox.list().find((one) => one.to === to && one.text.includes(words));
    if (!message) throw new Error(`no such message has come to ${to}`);
    return message;
  }, 4000);
}

/** The link in the newest mail to this address that holds `words`; the text holds no other. */
export async function linkTo(sandbox: Sandbox, to: string, words: string): Promise<string> {
  const { text } = await messageTo(sandbox, to, words);
  const [link, ...more] = text.match(/https?:\S+/g) ?? [];
  if (link === undefined || more.length > 0) throw new Error(`the mail to ${to} holds no link, or several`);
  return link;
}

/** A Saudi mobile as apps send it. */
export function saudi(number: string): { zipCode: string; number: string } {
  return { zipCode: '+966', number };
}

export async function askToRegister(client: Client, input: RegisterInput, asking?: Asking) {
  const { register } = dataOf(await client.ask(RegisterDocument, { input }, asking));
  return as('OtpChallenge', register);
}

export async function askToLogIn(client: Client, input: LoginInput, asking?: Asking) {
  return as('OtpChallenge', dataOf(await client.ask(LoginDocument, { input }, asking)).login);
}

export async function askForPatient(client: Client, input: HmgLoginInput, asking?: Asking) {
  return as('OtpChallenge', dataOf(await client.ask(HmgLoginDocument, { input }, asking)).hmgLogin);
}

/** Gives the code of a challenge, and answers as the service does. */
export function giveCode(
  client: Client,
  { otpId, otpCode }: { otpId: string; otpCode: string | null },
  { device, ...asking }: Asking & { device?: DeviceInput } = {},
) {
  const input = { otpId, otpCode: otpCode ?? '', ...(device && { device }) };
  return client.ask(VerifyOtpDocument, { input }, asking);
}

/** Spends the code of a challenge, whatever comes of it. */
export async function spend(...given: Parameters<typeof giveCode>) {
  return dataOf(await giveCode(...given)).verifyOtp;
}

/** The session that the code of a challenge opens. */
export async function enter(...given: Parameters<typeof spend>) {
  const session = as('CustomerSession', await spend(...given));
  return { ...session, token: session.accessToken, id: session.customer?.id ?? 'unknown' };
}

/** Signs in who has this Saudi mobile. */
export async function signIn(client: Client, number: string, device?: DeviceInput) {
  return enter(client, await askToLogIn(client, { phone: saudi(number) }), device && { device });
}

/** Another six digits than these. */
export function wrongFor(otpCode: string | null): string {
  return otpCode === '000000' ? '000001' : '000000';
}
