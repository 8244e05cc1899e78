import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Recording, readRecordings } from './recordings.ts';
import { type Comparable, recordedAnswer, replayedAnswer } from './replay-compare.ts';
import { ADMIN_PASSWORD, openStage, type Stage } from './replay-stage.ts';
import { BODIES, SIGNED_IN, STEPS, TOKENS } from './replay-steps.ts';
import { exchange } from './wire.ts';

/** What the stand-in does not do, and why. */
const EXCLUDED: Record<string, string> = {
  '051-customer-create-image-attribute': 'image attributes: the service has none',
  '079-customer-create-accept-xml': 'XML answers: the service asks for JSON',
  '279-search-phone-neq': 'a page of three, cut from an order that SQL leaves open',
  '420-async-create': 'the asynchronous bulk API',
  '426-integration-token-oauth1-signed': 'OAuth 1.0a: the recorded signature is redacted',
  '427-integration-token-oauth1-base-url-with-port': 'OAuth 1.0a: the recorded signature is redacted',
  '537-developer-mode-404': 'developer mode',
  '538-developer-mode-401': 'developer mode',
  '539-developer-mode-500': 'developer mode',
};

const recordings = readRecordings();
const named = recordings.map((recording) => ({ name: `${recording.number}-${recording.case}`, recording }));
const replayed = new Map<string, Comparable>();

/** The customer whose token the recording used: told by the answer, or by the steps, or the one before. */
function signedInBy({ number, request, response }: Recording, before: number): number {
  const body = response.body;
  const isSelf = /\/customers\/me(\?|$)/.test(request.path) && response.status === 200;
  if (isSelf && typeof body === 'object' && body !== null && 'id' in body) return Number(body.id);
  return SIGNED_IN[number] ?? before;
}

async function tokenFor(stage: Stage, { number, auth }: Recording, customerId: number): Promise<string> {
  const special = TOKENS[number];
  if (special) return special(stage);
  return auth === 'admin' ? stage.adminToken() : stage.token(customerId);
}

async function headersFor(stage: Stage, recording: Recording, customerId: number) {
  const { authorization, ...headers } = recording.request.headers;
  if (authorization === undefined) return headers;
  const token = authorization.includes('<jwt>') ? await tokenFor(stage, recording, customerId) : '';
  const filled = authorization
    .replace('<jwt>', token)
    .replace('<integration token>', stage.m2.shop.integrationToken);
  return { ...headers, authorization: filled };
}

function bodyFor({ number, request }: Recording): string | undefined {
  const { body, rawBody } = request;
  const text = BODIES[number] ?? rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
  return text?.replace('<admin password>', ADMIN_PASSWORD);
}

describe('the M2 stand-in answers as a real Magento 2.4.7 did', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
    let customerId = 1;
    for (const { name, recording } of named) {
      stage.wait(1);
      await STEPS[recording.number]?.(stage);
      customerId = signedInBy(recording, customerId);
      const headers = await headersFor(stage, recording, customerId);
      const url = `${stage.m2.url}${recording.request.path}`;
      const answer = await exchange(url, recording.request.method, headers, bodyFor(recording));
      replayed.set(name, replayedAnswer(recording, answer));
    }
  }, 60_000);

  afterAll(() => stage.m2.close());

  it.each(named.filter(({ name }) => !(name in EXCLUDED)))('$name', ({ name, recording }) => {
    expect(replayed.get(name)).toEqual(recordedAnswer(recording));
  });

  it.each(named.filter(({ name }) => name in EXCLUDED))(
    '$name is still out of reach',
    ({ name, recording }) => {
      expect(replayed.get(name)).not.toEqual(recordedAnswer(recording));
    },
  );

  it('excludes recordings that exist, and few of them', () => {
    const names = named.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(EXCLUDED)));
    expect(Object.keys(EXCLUDED).length).toBeLessThan(recordings.length * 0.02);
  });
});
