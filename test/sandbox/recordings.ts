/** The recorded exchanges with a real Magento 2.4.7, in the order in which they happened. */
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const FOLDER = new URL('../fixtures/m2/recordings/', import.meta.url);

const Headers = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

const Recording = z.object({
  case: z.string(),
  /** Whose token the redacted one in the headers was. */
  auth: z.enum(['admin', 'customer', 'integration']).optional(),
  request: z.object({
    method: z.string(),
    path: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.unknown().optional(),
    rawBody: z.string().optional(),
  }),
  response: z.object({
    status: z.number(),
    headers: Headers,
    body: z.unknown().optional(),
    /** There when the body was no JSON. */
    rawBody: z.string().optional(),
  }),
});

export type Recording = z.infer<typeof Recording> & { number: string };

/** Every numbered recording; races and latencies have files of another form. */
export function readRecordings(): Recording[] {
  return readdirSync(FOLDER)
    .filter((name) => /^\d{3}-/.test(name))
    .toSorted()
    .map((name) => ({
      ...Recording.parse(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))),
      number: name.slice(0, 3),
    }));
}
