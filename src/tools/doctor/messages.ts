/** Whether the ways out for messages are open. Nothing is ever sent. */
import { createTransport } from 'nodemailer';
import { ask } from './ask.ts';
import { type Check, fail, ok, reasonOf, warn } from './check.ts';

const TIMEOUT_MS = 8_000;

/** Connects, greets and signs in, as before a message; then leaves. */
export function emailCheck(url: string): Check {
  return {
    name: 'SMTP',
    async run() {
      const transport = createTransport({
        url,
        connectionTimeout: TIMEOUT_MS,
        greetingTimeout: TIMEOUT_MS,
        socketTimeout: TIMEOUT_MS,
        dnsTimeout: TIMEOUT_MS,
      });
      try {
        await transport.verify();
        return ok('SMTP: answers and takes our sign-in');
      } catch (error) {
        const code = reasonOf(error);
        if (code === 'EAUTH')
          return fail('SMTP: refuses our sign-in', 'see the user and password in SMTP_URL');
        return fail(
          `SMTP: cannot be used (${code})`,
          'see SMTP_URL: host, port, smtp:// or smtps://, certificate',
        );
      } finally {
        transport.close();
      }
    },
  };
}

/** Asks the gateway for its options; whatever it answers, it is there. */
export function smsCheck(url: string): Check {
  return {
    name: 'SMS',
    async run() {
      const reply = await ask({ method: 'OPTIONS', url }).catch((error: unknown) => reasonOf(error));
      if (typeof reply === 'string') {
        return fail(`SMS: does not answer (${reply})`, 'see SMS_URL, the network and its certificate');
      }
      if (reply.status >= 500) {
        return warn(
          `SMS: is there and answers ${reply.status}`,
          'see the gateway, then ask for a code to your own phone',
        );
      }
      return ok('SMS: is there (nothing was sent: ask for a code to your own phone once)');
    },
  };
}
