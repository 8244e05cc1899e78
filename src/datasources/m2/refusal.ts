/** What M2's 4xx answers mean. It has no error codes, only a status, English text and placeholders. */
import { Failure } from '../../failures.ts';
import type { Answer } from '../http.ts';
import { readRefusal } from './wire.ts';

/** A name as M2 gives its fields; what else some extension puts in its place may be what it was sent. */
const FIELD_NAME = /^[a-z][A-Za-z_]{0,39}$/;

/** The names that M2 puts into its placeholders, such as `countryId`; never their values. */
export function fieldNames(body: unknown): string[] {
  const { parameters, errors } = readRefusal(body);
  return [parameters, ...(errors ?? []).map((error) => error.parameters)].flatMap((placeholders) => {
    if (placeholders === undefined || Array.isArray(placeholders)) return [];
    const { fieldName } = placeholders;
    return typeof fieldName === 'string' && FIELD_NAME.test(fieldName) ? [fieldName] : [];
  });
}

/**
 * Whether a 404 says that the thing asked for is not there.
 *
 * A missing route is a 404 too. What tells them apart are the placeholders, which a language pack leaves alone.
 */
export function isNoSuchEntity({ status, body }: Answer): boolean {
  if (status !== 404) return false;
  return fieldNames(body).length > 0 || readRefusal(body).message.startsWith('No such entity');
}

/** Whether a 404 or 400 is about the customer's or the address's id in the request. */
export function isAbout(answer: Answer, fieldName: string): boolean {
  return answer.status >= 400 && fieldNames(answer.body).includes(fieldName);
}

/** Whether a 400 says in M2's own English that the e-mail is taken; a language pack may say it otherwise. */
export function saysEmailTaken({ status, body }: Answer): boolean {
  return status === 400 && /customer with the same email/i.test(readRefusal(body).message);
}

/**
 * Whether a 400 is about a new password rather than about what it was sent with.
 *
 * Rules with a number carry it as a placeholder, in any language; the two others are known by their English.
 */
export function saysPasswordRefused({ status, body }: Answer): boolean {
  if (status !== 400) return false;
  const { message, parameters } = readRefusal(body);
  if (Array.isArray(parameters) && parameters.length > 0) return true;
  return /^The password can't be/.test(message);
}

/** Whether a 401 is about the token rather than about a password. */
export function isTokenRefused({ status, body }: Answer): boolean {
  if (status !== 401) return false;
  const { parameters, message } = readRefusal(body);
  const named = parameters !== undefined && !Array.isArray(parameters) && 'resources' in parameters;
  return named || message.startsWith('The consumer');
}

/**
 * The failure for an answer that nothing else explains.
 *
 * Its detail holds the status and the names of placeholders. Text and values stay out, for M2 repeats what it
 * was sent.
 */
export function failureOf(what: string, { status, body }: Answer): Failure {
  const names = fieldNames(body);
  const detail = `M2 answered ${status} to ${what}${names.length > 0 ? ` (${names.join(', ')})` : ''}`;
  return new Failure('UPSTREAM_INVALID', { detail });
}
