/** The recorded exchanges of a real Magento 2.4.7. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Recording {
  /** The file's name without its ending: `006-customer-create-ok`. */
  name: string;
  request: { method: string; path: string; body?: unknown };
  response: {
    status: number;
    /** The parsed body; `undefined` where it was no JSON. */
    body?: unknown;
    /** The body as text where it was no JSON. */
    rawBody?: string;
  };
}

const FOLDER = new URL('../fixtures/m2/recordings/', import.meta.url);

/** All single exchanges in the order they were made. */
export function recordings(): Recording[] {
  return readdirSync(FOLDER)
    .filter((file) => /^\d{3}-.*\.json$/.test(file))
    .sort()
    .map((file) => ({
      ...JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')),
      name: file.replace(/\.json$/, ''),
    }));
}

/** The exchange whose file starts with this number. */
export function recording(number: string): Recording {
  const found = recordings().find(({ name }) => name.startsWith(`${number}-`));
  if (!found) throw new Error(`there is no recording ${number}`);
  return found;
}
