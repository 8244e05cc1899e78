/** Stored texts that should have a scalar's form: those that have not are `null` and a line in the log. */
import {
  GraphQLCountryCode,
  GraphQLEmailAddress,
  GraphQLLatitude,
  GraphQLLocalDate,
  GraphQLLongitude,
} from 'graphql-scalars';
import type { Logger } from '../logger.ts';

/** Each method takes the field's name for the log and what M2 holds; `null` and blank text are simply absent. */
export interface StoredValues {
  text(value: string | null | undefined): string | null;
  country(field: string, value: string | null | undefined): string | null;
  email(field: string, value: string | null | undefined): string | null;
  /** A calendar day; M2's midnight (`1990-05-17 00:00:00`) counts as one. */
  day(field: string, value: string | null | undefined): string | null;
  latitude(field: string, value: string | null | undefined): number | null;
  longitude(field: string, value: string | null | undefined): number | null;
  integer(field: string, value: string | null | undefined): number | null;
  /** `1` and `true` are yes, everything else is no. */
  yes(value: string | null | undefined): boolean;
  /** An absolute http(s) URL. */
  url(field: string, value: string | null | undefined): string | null;
  /** An http(s) URL as it is; an image path below `mediaUrl`. */
  picture(field: string, value: string | null | undefined, mediaUrl: string | null): string | null;
  /** M2's UTC time without a zone. */
  time(field: string, value: string): Date | null;
  /** Logs that the field's value is not usable and answers `null`. */
  unusable(field: string): null;
}

const MAX_INT = 2 ** 31 - 1;
const IMAGE_PATH = /^\/?(?:[\w.-]+\/)*[\w.-]+\.(?:avif|bmp|gif|heic|jpe?g|png|svg|webp)$/i;

/**
 * The values of one stored thing. `what` and `id` name it in the log; the values themselves are never logged,
 * so an `id` that is about a person is left out.
 */
export function storedValues(log: Logger, what: string, id?: string): StoredValues {
  function unusable(field: string): null {
    log.warn({ what, id, field }, 'a stored value is not of its form and is shown as null');
    return null;
  }

  function text(value: string | null | undefined): string | null {
    return value == null || value.trim() === '' ? null : value;
  }

  function checked<Value>(
    field: string,
    value: string | null | undefined,
    check: (value: string) => unknown,
    is: (checked: unknown) => checked is Value,
  ): Value | null {
    const given = text(value)?.trim();
    if (given === undefined) return null;
    try {
      const read = check(given);
      return is(read) ? read : unusable(field);
    } catch {
      return unusable(field);
    }
  }

  return {
    text,
    unusable,
    // The scalar takes lower case, which other systems that read the field do not.
    country: (field, value) =>
      checked(field, value?.toUpperCase(), (given) => GraphQLCountryCode.serialize(given), isString),
    email: (field, value) => checked(field, value, (given) => GraphQLEmailAddress.serialize(given), isString),
    day: (field, value) =>
      checked(
        field,
        value,
        (given) => GraphQLLocalDate.serialize(given.replace(/ 00:00:00(?:\.0+)?$/, '')),
        isString,
      ),
    latitude: (field, value) => checked(field, value, (given) => GraphQLLatitude.serialize(given), isNumber),
    longitude: (field, value) =>
      checked(field, value, (given) => GraphQLLongitude.serialize(given), isNumber),
    integer: (field, value) =>
      checked(
        field,
        value,
        (given) => (/^-?\d{1,10}$/.test(given) && Math.abs(Number(given)) <= MAX_INT ? Number(given) : null),
        isNumber,
      ),
    yes: (value) => value === '1' || value?.toLowerCase() === 'true',
    url: (field, value) => checked(field, value, (given) => webUrl(given), isString),
    picture: (field, value, mediaUrl) =>
      checked(field, value, (given) => pictureUrl(given, mediaUrl), isString),
    time(field, value) {
      const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})/.exec(value);
      const moment = match ? new Date(`${match[1]}T${match[2]}Z`) : null;
      return moment === null || Number.isNaN(moment.getTime()) ? unusable(field) : moment;
    },
  };
}

function webUrl(given: string): string | null {
  return /^https?:\/\//i.test(given) ? new URL(given).toString() : null;
}

function pictureUrl(given: string, mediaUrl: string | null): string | null {
  const url = webUrl(given);
  if (url !== null) return url;
  if (mediaUrl === null || !IMAGE_PATH.test(given) || given.split('/').includes('..')) return null;
  return new URL(`${mediaUrl.replace(/\/+$/, '')}/${given.replace(/^\/+/, '')}`).toString();
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
