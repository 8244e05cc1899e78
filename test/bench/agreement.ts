/** Whether all servers say the same: nothing is measured of those that do not. */
import { isDeepStrictEqual } from 'node:util';
import { connect } from './load.ts';
import { type Callers, type OperationName, operateOf } from './operations.ts';
import type { Server } from './servers.ts';
import type { BenchUpstream } from './upstream.ts';

const ASKED: readonly (readonly [OperationName, number])[] = [
  ['screen', 0],
  ['screen', 199],
  // Again, for what was kept of it.
  ['screen', 0],
  ['entities', 0],
  ['entities', 7],
];

/** What an answer says, whether it is GraphQL's or REST's. */
function said(answer: { data?: { customer?: unknown; _entities?: unknown } }): unknown {
  return answer.data?.customer ?? answer.data?._entities ?? answer;
}

async function answersOf(
  { name, origin }: Pick<Server, 'name' | 'origin'>,
  callers: Callers,
  upstream: BenchUpstream,
): Promise<unknown[]> {
  const { send, close } = connect(origin);
  const answers: unknown[] = [];
  for (const [operation, n] of ASKED) {
    const operate = operateOf(operation, name, callers, upstream);
    await operate(async (ask) => {
      const body = await send(ask);
      answers.push(said(JSON.parse(String(body))));
      return body;
    }, n);
  }
  await close();
  return answers;
}

/** Throws where a server answers the screen or the entities otherwise than the first of them does. */
export async function agree(
  servers: readonly Pick<Server, 'name' | 'origin'>[],
  callers: Callers,
  upstream: BenchUpstream,
): Promise<void> {
  const [first, ...others] = servers;
  if (!first) return;
  const expected = await answersOf(first, callers, upstream);
  for (const server of others) {
    const answers = await answersOf(server, callers, upstream);
    const differs = answers.findIndex((answer, at) => !isDeepStrictEqual(answer, expected[at]));
    if (differs === -1) continue;
    const [one, other] = [answers, expected].map((all) => JSON.stringify(all[differs]).slice(0, 1000));
    throw new Error(
      `${server.name} answers ${ASKED[differs]?.[0]} as\n${one}\nand ${first.name} as\n${other}`,
    );
  }
}
