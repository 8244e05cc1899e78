/** What the recordings do not show: the steps between them, and whose tokens were used. */
import { PASSWORD, type Stage } from './replay-stage.ts';

const ADDRESS = {
  firstname: 'Sara',
  lastname: 'Ali',
  street: ['King Fahd Rd', 'Olaya'],
  country_id: 'SA',
  postcode: '12211',
  telephone: '0501234567',
};
const BOTH = { default_billing: true, default_shipping: true };

function at(city: string, values: object = {}): object {
  return { ...ADDRESS, city, ...values };
}

function attributes(values: Record<string, string>): object {
  return { custom_attributes: values };
}

/** Wrong passwords in a row, of which only some were recorded. */
function failSignIn({ m2 }: Stage, name: string, times: number): void {
  const failures = (m2.shop.throttle.get(name)?.failures ?? 0) + times;
  m2.shop.throttle.set(name, { failures, lastAt: m2.shop.now() });
}

function resetToken(stage: Stage, customerId: number, token: string, ageHours = 0): void {
  const requestedAt = new Date(stage.m2.shop.now().getTime() - ageHours * 3_600_000);
  stage.row(customerId).secrets.reset = { token, requestedAt };
}

function lock(stage: Stage, customerId: number): void {
  stage.row(customerId).secrets.lockedUntil = new Date(stage.m2.shop.now().getTime() + 600_000);
}

/** By the number of the recording that they come before. */
export const STEPS: Record<string, (stage: Stage) => unknown> = {
  '052': (stage) => stage.customer('kinds6@example.com', { firstname: 'K', lastname: 'Inds' }),
  '087': ({ m2 }) => {
    m2.shop.settings.guestCheckoutLogin = true;
  },
  '090': ({ m2 }) => {
    m2.shop.settings.guestCheckoutLogin = false;
  },
  '098': (stage) => stage.customer('lock@example.com'),
  '099': (stage) => failSignIn(stage, 'customer:lock@example.com', 3),
  '105': ({ m2 }) => m2.shop.throttle.clear(),
  '106': (stage) => lock(stage, 30),
  '146': async (stage) => {
    // The hash of before, which the recording before spoilt.
    stage.row(1).secrets.passwordHash = stage.row(2).secrets.passwordHash;
  },
  '172': (stage) =>
    stage.admin('PUT', '/customers/4', { customer: { addresses: [at('Default', BOTH), at('Other')] } }),
  '186': async (stage) => {
    const first = {
      dob: '1970-01-01',
      gender: 1,
      ...attributes({ phone_number: '600000001', file_no: 'M1' }),
    };
    const second = { dob: '1999-09-09', gender: 2, ...attributes({ phone_number: '600000002' }) };
    await stage.customer('mis1@example.com', first);
    await stage.customer('mis2@example.com', second);
  },
  '237': (stage) =>
    stage.admin('PUT', '/customers/3', {
      customer: {
        addresses: [
          at('Bill', { default_billing: true, ...attributes({ address_label: 'B' }) }),
          at('Ship', { default_shipping: true }),
          at('Plain'),
        ],
      },
    }),
  '286': ({ m2 }) => {
    m2.shop.settings.inputLimits = true;
  },
  '289': (stage) => {
    stage.m2.shop.settings.inputLimits = false;
    return stage.customer('pw@example.com');
  },
  '300': (stage) => stage.customer('pwlock@example.com'),
  '301': async (stage) => {
    const body = { currentPassword: 'bad', newPassword: 'NewPassw0rd-1' };
    for (let time = 2; time <= 9; time++) await stage.as(34, 'PUT', '/customers/me/password', body);
  },
  '306': (stage) => stage.customer('reset@example.com'),
  '318': (stage) => resetToken(stage, 35, 'IGQuTYAfqW4eElvA9vRONEXPtPDfYzEK'),
  '332': (stage) => resetToken(stage, 35, 'CA0LgpBU5z2Efk3LXHNZAMjxMjVaUYgl'),
  '333': (stage) => resetToken(stage, 35, 'aTpV6RpnFb0P6KJ08CYHaO1Un2tt8CvD', 3),
  '336': (stage) => {
    resetToken(stage, 35, 'PF7WC5uy24XTPNUV3kd5lfQxAuOfi6Lf');
    lock(stage, 35);
  },
  '338': (stage) => resetToken(stage, 8, 'YBCyaZP3plUj0WU6nN6R07EJT3k5I0pC'),
  '341': ({ m2 }) => {
    m2.shop.settings.confirmAccounts = true;
  },
  '345': (stage) => {
    stage.row(36).confirmation = 'QmfXGk4O3K5Nhd5cidXbnyMtWBE4pAUj';
  },
  '360': (stage) => resetToken(stage, 37, 'YyU0Pw5I9FcH2VlxXYHScZSPCZEPvsw7'),
  '362': async (stage) => {
    await stage.customer('conf3@example.com', { firstname: 'T', lastname: 'U' });
    await stage.customer('conf4@example.com', { firstname: 'T', lastname: 'U' });
  },
  '366': ({ m2 }) => {
    m2.shop.settings.confirmAccounts = false;
  },
  '373': (stage) => stage.customer('del@example.com'),
  '423': (stage) => failSignIn(stage, 'admin:admin2', 5),
  '425': async (stage) => {
    const a = { dob: '1980-01-01', gender: 1, ...attributes({ phone_number: '700000001', file_no: 'A-1' }) };
    await stage.customer('a@r2.example.com', a, [at('A one', BOTH)]);
    const b = { gender: 2, ...attributes({ phone_number: '700000002' }) };
    await stage.customer('b@r2.example.com', b, [at('B one'), at('B two')]);
  },
  '428': ({ m2 }) => {
    m2.shop.settings.integrationAsBearer = true;
  },
  '436': async (stage) => {
    const [d, e, f] = [at('D', BOTH), at('E'), at('F')];
    await stage.customer('c@r2.example.com', {}, [d, e, f]);
    await stage.customer('d@r2.example.com', {}, [d, e, f]);
    await stage.customer('d2@r2.example.com', {}, [d, e, f]);
    await stage.customer('d4@r2.example.com', {}, [d, e, f]);
    await stage.customer('d5@r2.example.com', {}, [d, e]);
    await stage.customer('d6@r2.example.com', {}, [d, e]);
    await stage.customer('d7@r2.example.com', {}, [d, e]);
    await stage.customer('d8@r2.example.com', {}, [at('D'), e]);
  },
  '452': (stage) => stage.customer('d3@r2.example.com', {}, [at('D', BOTH), at('E')]),
  '456': (stage) =>
    stage.customer('g@r2.example.com', {}, [at('Riyadh', { region: { region: 'Old Region' } })]),
  '527': async (stage) => {
    stage.m2.shop.settings.confirmAccounts = true;
    await stage.customer('act@r2.example.com');
    stage.row(65).confirmation = 'RPj3ouVpIaYoOIPLSteHcfsBrWSR3QnM';
  },
  '533': async (stage) => {
    stage.m2.shop.settings.confirmAccounts = false;
    await stage.customer('rev@r2.example.com');
    stage.wait(5);
    await stage.as(66, 'POST', '/integration/customer/revoke-customer-token');
  },
  '536': ({ m2 }) => m2.shop.throttle.clear(),
  '540': ({ m2 }) => {
    m2.shop.settings.outage = 'maintenance';
  },
  '542': ({ m2 }) => {
    m2.shop.settings.outage = 'database';
  },
  '544': ({ m2 }) => {
    m2.shop.settings.outage = null;
  },
  '545': async (stage) => {
    await stage.customer('race@r2.example.com');
    await stage.customer('race-addresses@r2.example.com', {}, [
      at('Base'),
      at('One'),
      at('Two'),
      at('Three'),
    ]);
    for (const name of ['race-attributes', 'load-one', 'load-two']) {
      await stage.customer(`${name}@r2.example.com`);
    }
    await stage.customer('cookie@r3.example.com');
    await stage.customer('cookie2@r3.example.com');
  },
  '559': (stage) => {
    const short = { firstname: 'S', lastname: 'A', street: ['x'], telephone: '1', postcode: '1' };
    return stage.customer('addr@r3.example.com', {}, [at('A', { ...short, ...BOTH }), at('B', short)]);
  },
  '564': (stage) =>
    stage.customer('nulls@r3.example.com', {
      middlename: 'Mid',
      prefix: 'Dr',
      dob: '1990-01-02',
      gender: 1,
      taxvat: '9',
    }),
  '580': ({ m2 }) => {
    m2.shop.settings.outage = 'php';
  },
  '581': ({ m2 }) => {
    m2.shop.settings.outage = null;
  },
};

/** The customer of the redacted token where the answer does not tell, from that recording on. */
export const SIGNED_IN: Record<string, number> = {
  '158': 1,
  '171': 1,
  '172': 4,
  '192': 4,
  '288': 1,
  '289': 33,
  '300': 34,
  '366': 2,
  '373': 40,
  '389': 1,
  '438': 43,
  '493': 43,
  '533': 66,
};

/** Tokens that are not simply a good one of that customer. */
export const TOKENS: Record<string, (stage: Stage) => Promise<string>> = {
  '113': async (stage) => `${(await stage.token(1)).slice(0, -8)}AAAAAAAA`,
  '367': (stage) => tokenOfBefore(stage, 2),
  '368': (stage) => tokenOfBefore(stage, 2),
  '369': (stage) => tokenOfBefore(stage, 2),
  '377': (stage) => stage.m2.tokens.issue({ ...stage.row(2), id: 40 }),
  '422': async (stage) => {
    const token = await stage.token(2);
    stage.wait(3601);
    return token;
  },
};

async function tokenOfBefore(stage: Stage, customerId: number): Promise<string> {
  stage.wait(-10);
  const token = await stage.token(customerId);
  stage.wait(10);
  return token;
}

/** The body that was cut for its size. */
export const BODIES: Record<string, string> = {
  '421': JSON.stringify({ username: 'x'.repeat(1024 * 1024), password: PASSWORD }),
};
