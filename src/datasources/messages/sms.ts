/** Text messages, through the one route of an SMS gateway. */
import { Failure } from '../../failures.ts';
import type { Logger } from '../../logger.ts';
import type { Language } from '../../texts/texts.ts';
import { lanesOf, type UpstreamPolicy } from '../http/lanes.ts';
import { type Call, upstream } from '../http.ts';

/** One text message. */
export interface SmsMessage {
  /** E.164. */
  to: string;
  text: string;
  language: Language;
}

/** The way out for text messages. */
export interface SmsPort {
  /** Resolves once the gateway has taken the message; rejects with a `Failure` when it has not. */
  send(message: SmsMessage): Promise<void>;
  /** Closes the idle connections. */
  close(): void;
}

/** What the client of a gateway needs to know. */
export interface SmsOptions {
  /** The very URL that messages are posted to. */
  url: string;
  timeoutMs: number;
  policy?: UpstreamPolicy | undefined;
  log: Logger;
}

/**
 * The gateway at `url`, which takes `{to, text, language}` and answers any 2xx.
 *
 * A message is sent once: trying again after a lost answer could send the code twice.
 */
export function connectSms({ url, timeoutMs, policy, log }: SmsOptions): SmsPort {
  const { baseUrl, ...place } = placeOf(url);
  const gateway = upstream({ name: 'sms', baseUrl, timeoutMs, log, lanes: lanesOf('sms', { policy, log }) });
  return {
    async send({ to, text, language }) {
      // A receipt that is no JSON ("OK") means as well that the message is on its way.
      const json = { to, text, language };
      const { status } = await gateway.call({ method: 'POST', ...place, json, ignoresBody: true });
      if (status >= 300) {
        throw new Failure('UPSTREAM_UNAVAILABLE', { detail: `sms: the gateway answered ${status}` });
      }
    },
    close: gateway.close,
  };
}

/** The URL in the parts of a call, its path and query kept out of the route that is logged: either may hold a key. */
function placeOf(url: string): { baseUrl: string } & Pick<Call, 'route' | 'params' | 'query'> {
  const { origin, pathname, searchParams } = new URL(url);
  const slash = pathname.lastIndexOf('/');
  const last = decodeURIComponent(pathname.slice(slash + 1));
  return {
    baseUrl: `${origin}${pathname.slice(0, slash)}`,
    route: last === '' ? '' : '{resource}',
    params: { resource: last },
    query: [...searchParams],
  };
}
