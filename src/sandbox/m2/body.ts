/** Bodies on M2's wire: how a request's text becomes parameters, and how an answer is escaped. */
import { badRequest } from './errors.ts';
import { isObject, type Properties, properties } from './input.ts';

function parse(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown) => {
      if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) throw new Error('a lone surrogate');
      return value;
    });
  } catch {
    throw badRequest('Decoding error.');
  }
}

/** The parameters in a body. None at all, a scalar and a list count as no parameters. */
export function readBody(text: string, contentType: string | undefined): Properties {
  if (text === '') return properties({});
  if (!contentType) throw badRequest('Content-Type header is empty.');
  const mediaType = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (mediaType !== 'application/json') {
    throw badRequest(`Server cannot understand Content-Type HTTP header media type ${mediaType}`);
  }
  const json = parse(text);
  return properties(isObject(json) ? json : {});
}

/** JSON as PHP writes it: slashes and everything beyond ASCII escaped. */
export function writeBody(answer: unknown): string {
  return JSON.stringify(answer)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
