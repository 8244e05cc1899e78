/** One customer who goes on using the service and knows what has to be true. */
import { randomUUID } from 'node:crypto';
import type { Instance } from '../faults/stage.ts';
import {
  AddAddressDocument,
  CustomerOverviewDocument,
  DeleteAddressDocument,
  LoginDocument,
  RefreshSessionDocument,
  VerifyOtpDocument,
} from '../support/operations.ts';
import type { GraphQLAnswer } from '../support/service.ts';
import type { Outcome, Tally } from './tally.ts';

const HONEST = new Set(['UPSTREAM_UNAVAILABLE']);

export interface Visitor {
  number: string;
  /** Signs in for the first time; rejects when that fails. */
  arrive(): Promise<void>;
  /** Does one thing, chosen by a number between 0 and 1. */
  act(chance: number): Promise<void>;
  /** Labels of addresses that were confirmed and not deleted since. */
  kept: ReadonlyMap<string, string>;
  /** Labels of addresses of which no answer told whether they are there. */
  unsure: ReadonlySet<string>;
}

const codesOf = ({ errors }: GraphQLAnswer<unknown>) =>
  errors.map(({ extensions }) => String(extensions.code));
const isHonest = (answer: GraphQLAnswer<unknown>) => {
  const codes = codesOf(answer);
  return codes.length > 0 && codes.every((code) => HONEST.has(code));
};

/** `number` is a Saudi mobile that nobody else uses. */
export function visitorOf({ ask }: Pick<Instance, 'ask'>, number: string, tally: Tally): Visitor {
  const phone = { zipCode: '+966', number };
  const device = { deviceId: `soak-${number}`, name: 'Soak' };
  const kept = new Map<string, string>();
  const unsure = new Set<string>();
  let session = { token: '', refreshToken: '' };
  let customerId: string | undefined;
  let written = 0;

  /** Sends one operation and counts what `judge` says of an answer that is no honest failure. */
  async function send<Data>(
    kind: string,
    asking: Promise<GraphQLAnswer<Data>>,
    judge: (data: Data, answer: GraphQLAnswer<Data>) => Outcome,
  ): Promise<Data | null> {
    const startedAt = performance.now();
    const done = (outcome: Outcome) => tally.note(kind, performance.now() - startedAt, outcome);
    try {
      const answer = await asking;
      const codes = codesOf(answer);
      if (answer.status !== 200) {
        done({ verdict: 'lost', codes: [`HTTP ${answer.status}`], remark: `HTTP ${answer.status}` });
        return null;
      }
      const outcome: Outcome =
        codes.length > 0 && !isHonest(answer)
          ? { verdict: 'wrong', remark: codes.join(', ') }
          : judge(answer.data, answer);
      done({ codes, ...outcome });
      return answer.data;
    } catch (error) {
      done({ verdict: 'lost', remark: String(error) });
      return null;
    }
  }

  /** The one field of a mutation: what was expected, an honest failure, or another result, which is wrong. */
  function judged(result: { __typename: string } | null | undefined, expected: string): Outcome {
    if (!result) return { verdict: 'failed' };
    return result.__typename === expected
      ? { verdict: 'answered' }
      : { verdict: 'wrong', codes: [result.__typename], remark: result.__typename };
  }

  async function signIn(): Promise<void> {
    const input = { phone, createIfMissing: true };
    const asked = await send('login', ask(LoginDocument, { input }), (data) =>
      judged(data?.login, 'OtpChallenge'),
    );
    if (asked?.login?.__typename !== 'OtpChallenge') return;
    const { otpId, otpCode } = asked.login;
    const given = { otpId, otpCode: otpCode ?? '', device };
    const entered = await send('verifyOtp', ask(VerifyOtpDocument, { input: given }), (data) => {
      const result = data?.verifyOtp;
      if (result?.__typename !== 'CustomerSession') return judged(result, 'CustomerSession');
      customerId ??= result.customer?.id;
      const isSelf = !result.customer || result.customer.id === customerId;
      return isSelf ? { verdict: 'answered' } : { verdict: 'wrong', remark: 'another customer' };
    });
    const result = entered?.verifyOtp;
    if (result?.__typename === 'CustomerSession') {
      session = { token: result.accessToken, refreshToken: result.refreshToken };
    }
    // The old one is gone as soon as the new one is open, whether or not that was told.
    else session = { token: '', refreshToken: '' };
  }

  async function refresh(): Promise<void> {
    const { refreshToken } = session;
    const data = await send('refreshSession', ask(RefreshSessionDocument, { refreshToken }), (given) =>
      judged(given?.refreshSession, 'CustomerSession'),
    );
    const result = data?.refreshSession;
    if (result?.__typename === 'CustomerSession') {
      session = { token: result.accessToken, refreshToken: result.refreshToken };
    }
  }

  async function look(): Promise<void> {
    await send('screen query', ask(CustomerOverviewDocument, {}, session), ({ customer }, answer) => {
      if (!customer) {
        return isHonest(answer) ? { verdict: 'failed' } : { verdict: 'wrong', remark: 'nobody' };
      }
      if (customer.id !== customerId) return { verdict: 'wrong', remark: 'another customer' };
      const shown = new Set(customer.addresses?.map(({ label }) => String(label)));
      const missing = [...kept.keys()].filter((label) => !shown.has(label));
      const strange = [...shown].filter((label) => !kept.has(label) && !unsure.has(label));
      if (customer.addresses && missing.length > 0)
        return { verdict: 'wrong', remark: 'an address is missing' };
      if (strange.length > 0) return { verdict: 'wrong', remark: 'a deleted address is shown' };
      return { verdict: isHonest(answer) ? 'partial' : 'answered' };
    });
  }

  async function add(): Promise<void> {
    const label = `Place ${written++}`;
    const input = {
      label,
      firstName: 'Soak',
      lastName: 'Visitor',
      street: ['1 Palm Street'],
      city: 'Riyadh',
      postcode: '12345',
      telephone: `0${number}`,
    };
    const headers = { 'idempotency-key': randomUUID() };
    const tryOnce = () =>
      send('addAddress', ask(AddAddressDocument, { input }, { ...session, headers }), (given) =>
        judged(given?.addAddress, 'CustomerAddress'),
      );
    // What it did, if anything, is told by the second try.
    let data = await tryOnce();
    if (!data?.addAddress) data = await tryOnce();
    if (data?.addAddress?.__typename === 'CustomerAddress') kept.set(label, data.addAddress.id);
    else unsure.add(label);
  }

  async function remove(label: string, id: string): Promise<void> {
    const data = await send('deleteAddress', ask(DeleteAddressDocument, { id }, session), (given) =>
      judged(given?.deleteAddress, 'Deleted'),
    );
    kept.delete(label);
    if (data?.deleteAddress?.__typename !== 'Deleted') unsure.add(label);
  }

  return {
    number,
    kept,
    unsure,
    async arrive() {
      await signIn();
      if (session.token === '') throw new Error(`${number} could not sign in`);
    },
    async act(chance) {
      if (session.token === '' || chance < 0.05) return signIn();
      if (chance < 0.15) return refresh();
      if (chance < 0.35) {
        const [oldest] = kept;
        return oldest && kept.size >= 3 ? remove(...oldest) : add();
      }
      return look();
    },
  };
}
