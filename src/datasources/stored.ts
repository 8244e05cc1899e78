/** Stored texts that should have a scalar's form: those that have not are `null` and a line in the log. */
import {
  GraphQLCountryCode,
  GraphQLEmailAddress,
  GraphQLLatitude,
  GraphQLLocalDate,
  GraphQLLongitude,
} from 'graphql-scalars';
import type { Logger } from '../logger.ts';

const MAX_INT = 2 ** 31 - 1;
const IMAGE_PATH = /^\/?(?:[\w.-]+\/)*[\w.-]+\.(?:avif|bmp|gif|heic|jpe?g|png|svg|webp)$/i;

/**
 * The values of one stored thing. `what` and `id` name it in the log; the values themselves are never logged,
 * so an `id` that is about a person is left out.
 *
 * Each method takes the field's name for the log and what M2 holds; `null` and blank text are simply absent. A class, for a
 * page of customers makes hundreds of them.
 */
export class StoredValues {
  readonly #log: Logger;
  readonly #what: string;
  readonly #id: string | undefined;

  constructor(log: Logger, what: string, id?: string) {
    this.#log = log;
    this.#what = what;
    this.#id = id;
  }

  text(value: string | null | undefined): string | null {
    return value == null || value.trim() === '' ? null : value;
  }

  country(field: string, value: string | null | undefined): string | null {
    // The scalar takes lower case, which other systems that read the field do not.
    return this.#checked(field, value?.toUpperCase(), country);
  }

  email(field: string, value: string | null | undefined): string | null {
    return this.#checked(field, value, email);
  }

  /** A calendar day; M2's midnight (`1990-05-17 00:00:00`) counts as one. */
  day(field: string, value: string | null | undefined): string | null {
    return this.#checked(field, value, day);
  }

  latitude(field: string, value: string | null | undefined): number | null {
    return this.#checked(field, value, latitude);
  }

  longitude(field: string, value: string | null | undefined): number | null {
    return this.#checked(field, value, longitude);
  }

  integer(field: string, value: string | null | undefined): number | null {
    return this.#checked(field, value, integer);
  }

  /** `1` and `true` are yes, everything else is no. */
  yes(value: string | null | undefined): boolean {
    return value === '1' || value?.toLowerCase() === 'true';
  }

  /** An absolute http(s) URL. */
  url(field: string, value: string | null | undefined): string | null {
    return this.#checked(field, value, webUrl);
  }

  /** An http(s) URL as it is; an image path below `mediaUrl`. */
  picture(field: string, value: string | null | undefined, mediaUrl: string | null): string | null {
    return this.#checked(field, value, (given) => pictureUrl(given, mediaUrl));
  }

  /** M2's UTC time without a zone. */
  time(field: string, value: string): Date | null {
    const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})/.exec(value);
    const moment = match ? new Date(`${match[1]}T${match[2]}Z`) : null;
    return moment === null || Number.isNaN(moment.getTime()) ? this.unusable(field) : moment;
  }

  /** Logs that the field's value is not usable and answers `null`. */
  unusable(field: string): null {
    this.#log.warn(
      { what: this.#what, id: this.#id, field },
      'a stored value is not of its form and is shown as null',
    );
    return null;
  }

  /** What `check` makes of the value; it throws or answers `null` for one that is not usable. */
  #checked<Value>(
    field: string,
    value: string | null | undefined,
    check: (given: string) => Value | null,
  ): Value | null {
    const given = this.text(value)?.trim();
    if (given === undefined) return null;
    try {
      return check(given) ?? this.unusable(field);
    } catch {
      return this.unusable(field);
    }
  }
}

const country = (given: string) => stringOf(GraphQLCountryCode.serialize(given));
const email = (given: string) => stringOf(GraphQLEmailAddress.serialize(given));
const day = (given: string) => stringOf(GraphQLLocalDate.serialize(given.replace(/ 00:00:00(?:\.0+)?$/, '')));
const latitude = (given: string) => numberOf(GraphQLLatitude.serialize(given));
const longitude = (given: string) => numberOf(GraphQLLongitude.serialize(given));

function integer(given: string): number | null {
  return /^-?\d{1,10}$/.test(given) && Math.abs(Number(given)) <= MAX_INT ? Number(given) : null;
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

function stringOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
