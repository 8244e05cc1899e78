/** The script, run as a person runs it. */
import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sandboxOf, signIn } from '../journeys/steps.ts';
import { DevicesDocument } from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({ OTP_PAUSE_SECONDS: '0' });
});
afterAll(() => service.close());

/** What the script prints and ends with. */
function run(...given: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const args = ['--import', 'tsx', 'examples/script/addresses.ts', service.url, ...given];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

it('signs in with the code of the outbox, prints the addresses and leaves no session behind', async () => {
  const { code, stdout, stderr } = await run('0501234567', 'ar');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.trim().split('\n')).toEqual([
    expect.stringMatching(/^Home, .*, SA$/),
    expect.stringMatching(/^Work, .*, SA$/),
  ]);
  expect(sandboxOf(service).outbox.list()).toMatchObject([{ to: '+966501234567', language: 'ar' }]);
  const { token } = await signIn(service, '501234567');
  const { data } = await service.ask(DevicesDocument, {}, { token });
  expect(data.devices).toHaveLength(1);
});

it('says what was refused and ends with 1', async () => {
  const { code, stdout, stderr } = await run('12');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^CustomerInputError: \S/);
});
