import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connectM2 } from '../../../src/datasources/m2/m2.ts';
import { capturedLog, processLock, STORE_VIEWS, wireAddress, wireCustomer } from '../../support/m2.ts';

const Written = z.object({
  customer: z.object({ addresses: z.array(z.looseObject({ id: z.number().optional() })) }),
});

/** As M2 does it: what a list leaves out is deleted, by what the list's writer had read. */
async function replacingM2() {
  let addresses = [wireAddress(1)];
  let lastId = 1;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    await sleep(Math.random() * 5);
    if (request.method === 'PUT') {
      const { customer } = Written.parse(JSON.parse(Buffer.concat(chunks).toString()));
      addresses = customer.addresses.map((sent) => ({
        ...(addresses.find(({ id }) => id === sent.id) ?? wireAddress(++lastId)),
        ...sent,
      }));
    }
    const isViews = request.url?.endsWith('storeViews');
    const body = isViews
      ? STORE_VIEWS
      : wireCustomer({ addresses, default_billing: '1', default_shipping: '1' });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/rest/default`,
    cities: () => addresses.map(({ city }) => city),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('many changes of one list at once', () => {
  it('twenty simultaneous additions of two processes keep every address and the default', async () => {
    const upstream = await replacingM2();
    const lock = processLock();
    const config = {
      url: upstream.url,
      mediaUrl: null,
      credentials: { kind: 'bearer', token: 'x' } as const,
      placeholderDomain: 'customers.invalid',
      storeViews: {},
      timeoutMs: 2_000,
    };
    const log = capturedLog().logger;
    const processes = [connectM2({ config, log, lock }), connectM2({ config, log, lock })];
    const cities = Array.from({ length: 20 }, (_, index) => `City ${index}`);
    const outcomes = await Promise.all(
      cities.map((city, index) =>
        processes[index % 2]?.addresses.add('7', {
          firstName: 'Sara',
          lastName: 'Ali',
          street: ['King Fahd Rd'],
          city,
          postcode: '12211',
          countryCode: 'SA',
          telephone: '0501234567',
        }),
      ),
    );
    expect(outcomes.every((outcome) => outcome?.kind === 'added')).toBe(true);
    expect([...upstream.cities()].sort()).toEqual(['Riyadh', ...cities].sort());
    const customer = await processes[0]?.customers.find('7');
    expect(customer?.defaultBillingAddress?.city).toBe('Riyadh');
    upstream.close();
  });
});
