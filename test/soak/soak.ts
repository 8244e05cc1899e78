/**
 * `npm run soak [-- --minutes 1]`: one service under sustained load and injected trouble, ten minutes by default.
 *
 * Everything is on the loopback interface and ends with it. Prints a table; exit code 1 when anything was
 * wrong or lost.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seededRandom } from '../faults/misbehaviours.ts';
import { type Stage, startStage } from '../faults/stage.ts';
import { newTally, type Tally } from './tally.ts';
import { makeTrouble, type Troubles } from './troubles.ts';
import { type Visitor, visitorOf } from './visitor.ts';

const VISITORS = 8;
const PAUSE_MS = 80;
const WARM_UP_MS = 5_000;
const PROGRESS_MS = 10_000;
const LONGEST_MINUTES = 60;

const SETTINGS = {
  OTP_PAUSE_SECONDS: '0',
  OTP_LEASE_SECONDS: '5',
  OTP_PER_PHONE_HOUR: '100000',
  OTP_PER_PHONE_DAY: '100000',
  OTP_PER_IPV4_HOUR: '1000000',
  OPERATION_TIMEOUT_MS: '5000',
  UPSTREAM_TIMEOUT_MS: '3000',
  CIRCUIT_OPEN_MS: '1000',
};

function minutesAsked(): number {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
  const minutes = Number(values.minutes);
  if (minutes > 0 && minutes <= LONGEST_MINUTES) return minutes;
  throw new Error(`--minutes must be above 0 and at most ${LONGEST_MINUTES}`);
}

/** Resident memory of a process in MB; 0 where the system does not tell. */
function memoryOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(status.match(/VmRSS:\s+(\d+)/)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

/** What M2 holds must be what the visitors were told. */
function compare({ upstreams }: Stage, visitors: readonly Visitor[], tally: Tally): void {
  const rows = [...upstreams.m2.shop.customers.values()];
  for (const { number, kept, unsure } of visitors) {
    const own = rows.filter(({ custom }) => custom.get('phone_number') === number);
    if (own.length !== 1) tally.noteAfterwards('wrong', `${own.length} customers with one phone`);
    const labels = own.flatMap(({ addresses }) =>
      addresses.map(({ custom }) => custom.get('address_label') ?? ''),
    );
    if (new Set(labels).size !== labels.length) tally.noteAfterwards('wrong', 'an address is there twice');
    for (const label of kept.keys()) {
      if (!labels.includes(label)) tally.noteAfterwards('lost', 'a confirmed address is not there');
    }
    for (const label of labels) {
      if (!kept.has(label) && !unsure.has(label)) tally.noteAfterwards('wrong', 'a deleted address is there');
    }
  }
}

const say = (line: string) => process.stdout.write(`${line}\n`);

async function soak(minutes: number): Promise<boolean> {
  const stage = await startStage(SETTINGS);
  let trouble: Troubles | undefined;
  let isStopping = false;
  process.once('SIGINT', () => {
    isStopping = true;
  });
  try {
    const instance = await stage.start();
    const { pid } = instance.process;
    const tally = newTally();
    const visitors = Array.from({ length: VISITORS }, (_, index) =>
      visitorOf(instance, String(561_200_001 + index), tally),
    );
    for (const visitor of visitors) await visitor.arrive();

    const startedAt = performance.now();
    const endsAt = startedAt + minutes * 60_000;
    const isOver = () => isStopping || performance.now() > endsAt;
    async function visit(visitor: Visitor, index: number): Promise<void> {
      const random = seededRandom(index + 1);
      while (!isOver()) {
        await visitor.act(random());
        await sleep(PAUSE_MS * (0.5 + random()));
      }
    }
    const visiting = Promise.all(visitors.map(visit));
    await sleep(WARM_UP_MS);
    const memory = { start: memoryOf(pid), most: 0, end: 0 };
    trouble = makeTrouble(stage);
    const progress = setInterval(() => {
      const { requests, answered, partial, failed, wrong, lost } = tally.totals();
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      memory.most = Math.max(memory.most, memoryOf(pid));
      const counts = `answered ${answered}, in part ${partial}, failed ${failed}, wrong ${wrong}, lost ${lost}`;
      say(`${seconds} s: ${requests} requests, ${counts}, ${memoryOf(pid)} MB; ${trouble?.now()}`);
    }, PROGRESS_MS);
    await visiting.finally(() => clearInterval(progress));
    const seconds = (performance.now() - startedAt) / 1000;
    await trouble.stop();
    memory.end = memoryOf(pid);
    memory.most = Math.max(memory.most, memory.end);
    compare(stage, visitors, tally);

    const { requests, wrong, lost } = tally.totals();
    say('');
    for (const line of tally.table()) say(line);
    say('');
    say(
      `${Math.round(seconds)} s, ${VISITORS} visitors, ${Math.round(requests / seconds)} requests a second.`,
    );
    say(`Resident memory of the service: ${memory.start} MB after ${WARM_UP_MS / 1000} s of load,`);
    say(`${memory.end} MB at the end, ${memory.most} MB at most.`);
    say('');
    for (const words of trouble.words) say(`- ${words}`);
    say(`- times: ${[...trouble.times].map(([name, times]) => `${name} ${times}`).join(', ')}`);
    return wrong === 0 && lost === 0;
  } finally {
    await trouble?.stop();
    await stage.close();
  }
}

process.exitCode = (await soak(minutesAsked())) ? 0 : 1;
