/** Upstreams in trouble, which make it worse by repeating what they were sent. */
import type { Fate, ProxiedRequest } from './proxy.ts';

/** What an upstream does with a request whose words are `said`. */
export const TROUBLES: Readonly<Record<string, (said: string) => Fate>> = {
  'does not answer': () => 'cut',
  'loses its answer': () => 'lose',
  'fails and repeats the request': (said) => json(500, { message: said, trace: said }),
  'refuses and repeats the request': (said) =>
    json(400, {
      message: `"${said}" %fieldName`,
      parameters: { fieldName: said, fieldValue: said },
      errors: [],
    }),
  'knows nobody and repeats the request': (said) =>
    json(404, { message: `No such entity with ${said}`, parameters: { fieldName: said, fieldValue: said } }),
  'refuses our token and repeats the request': (said) =>
    json(401, { message: 'The consumer %resources', parameters: { resources: said } }),
  'answers something else that repeats the request': (said) =>
    json(200, {
      [said]: said,
      items: [
        { [said]: said, id: said, custom_attributes: [{ attribute_code: said, value: { [said]: 1 } }] },
      ],
      total_count: said,
    }),
  'answers a text that repeats the request': (said) => ({
    status: 200,
    type: 'application/json',
    body: said,
  }),
  'answers a page that repeats the request': (said) => ({
    status: 502,
    type: 'text/html',
    body: `<b>${said}</b>`,
  }),
};

function json(status: number, body: object): Fate {
  return { status, type: 'application/json', body: JSON.stringify(body) };
}

/** Everything that a request says. */
export function wordsOf({ path, query, body }: ProxiedRequest): string {
  return `${decodeURIComponent(`${path}?${query}`)} ${body}`;
}
