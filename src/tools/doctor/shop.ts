/** M2 as the checks ask it: with the service's own credentials, as somebody, or as nobody. */
import type { Config } from '../../config.ts';
import { upstream } from '../../datasources/http.ts';
import { authorizationOf, bearer } from '../../datasources/m2/credentials.ts';
import { createLogger } from '../../logger.ts';
import { ask, type Reply, type Request } from './ask.ts';

export type M2Settings = NonNullable<Config['m2']>;

export interface ShopRequest extends Pick<Request, 'method' | 'query' | 'json'> {
  /** Below the store view, such as `V1/store/storeViews`. */
  path: string;
}

export interface Shop {
  settings: M2Settings;
  ask(request: ShopRequest): Promise<Reply>;
  /** With a customer's token, or with none for `null`. */
  askAs(token: string | null, request: ShopRequest): Promise<Reply>;
}

/** The shop at another store view: `url` as `M2_URL`. */
export function shopAt(settings: M2Settings, url = settings.url): Shop {
  const base = url.replace(/\/+$/, '');
  const log = createLogger('silent');
  const open = upstream({ name: 'M2', baseUrl: base, timeoutMs: 8_000, log });
  const authorization = authorizationOf(settings.credentials, open);
  const send = ({ path, ...request }: ShopRequest, headers: Record<string, string>) =>
    ask({ ...request, url: `${base}/${path}`, headers });
  return {
    settings,
    async ask(request) {
      const { method, path, query = [] } = request;
      return send(
        request,
        await authorization.headers({
          method: method === 'OPTIONS' ? 'GET' : method,
          url: `${base}/${path}`,
          query,
        }),
      );
    },
    askAs: (token, request) => send(request, token === null ? {} : bearer(token)),
  };
}
