import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Patient } from '../../src/auth/ports.ts';
import { as, authOn, OMAR, request, SARA } from './setup.ts';

async function withPatient() {
  const auth = await authOn();
  auth.outside.addPatient(SARA, { fileNo: 'F-1' });
  return auth;
}

describe('the hospital’s answer', () => {
  test('that there is no such patient opens nothing, and the code is not wasted', async () => {
    const { verify, askHmgLogin, outside } = await authOn();
    const outcome = as('patientNotFound', await verify(await askHmgLogin()));
    expect(outcome.phoneProof).toEqual(expect.any(String));
    expect(outside.named('customers')).toEqual([]);
  });

  test.each<[string, Partial<Patient>]>([
    ['phone', { fileNo: 'F-1', phone: OMAR }],
    ['identifier', { fileNo: 'F-2', phone: SARA }],
  ])('of another %s is refused, so that a slip of EServices opens nobody’s file', async (_, record) => {
    const { verify, askHmgLogin, outside } = await authOn();
    outside.patients.find = async () => outside.addPatient(SARA, record);
    as('patientNotFound', await verify(await askHmgLogin()));
    expect(outside.named('customers')).toEqual([]);
  });

  test('O13: that does not come is no "patient not found": the code is given back', async () => {
    const { verify, askHmgLogin, outside } = await withPatient();
    outside.fail('patients');
    const asked = await askHmgLogin();
    await expect(verify(asked)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    outside.mend();
    expect(await verify(asked)).toMatchObject({ kind: 'opened' });
  });

  test('that is on its way is waited for and not asked for twice', async () => {
    const { signIn, sent, verify, outside } = await withPatient();
    const asking = request();
    const hmg = { by: 'fileNo' as const, value: 'F-1', acceptedTermsVersion: null };
    const proof = { phoneProof: null, device: null };
    const asked = sent(await signIn.hmgLogin({ phone: SARA, ...hmg, ...proof }, asking.circumstances));
    const arrive = outside.stall('patients.find');
    const answered = asking.answered();
    const verifying = verify(asked);
    await sleep(30);
    arrive();
    expect(await verifying).toMatchObject({ kind: 'opened' });
    await answered;
    expect(outside.named('patients.find')).toHaveLength(1);
  });

  test('is there for another replica, which has the same keys', async () => {
    const { store, outside, askHmgLogin } = await withPatient();
    const other = await authOn(store, outside);
    expect(await other.verify(await askHmgLogin())).toMatchObject({ kind: 'opened' });
    expect(outside.named('patients.find')).toHaveLength(1);
  });
});
