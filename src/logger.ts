/** The service's log: JSON lines, with what could name or impersonate a person masked. */
import { type DestinationStream, type Logger, pino } from 'pino';
import { operationFields } from './operation.ts';

export type { Logger };

const SECRETS = /\b(eyJ[\w-]+\.[\w-]+\.[\w-]+|Bearer\s+\S+)/g;
const EMAILS = /[^\s@"<>:;,=/]+@[^\s@"<>:;,=/]+\.[^\s@"<>:;,=/]+/g;
// Phones, national IDs and one-time codes are runs of digits; so are harmless ids, but a log can do without those.
const DIGITS = /(?<![\w.:-])\+?\d{6,}(?![\w.:-])/g;

/** The text with tokens, e-mail addresses and long numbers replaced, for log lines only. */
export function masked(text: string): string {
  return text.replace(SECRETS, '[token]').replace(EMAILS, '[email]').replace(DIGITS, '[number]');
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? masked(error) : undefined;
  const { code, detail } = error as { code?: unknown; detail?: unknown };
  return {
    type: error.name,
    message: masked(error.message),
    ...(typeof code === 'string' && { code }),
    ...(typeof detail === 'string' && { detail: masked(detail) }),
    stack: masked(error.stack ?? ''),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}

/** Lines carry the ids of the request at hand. `level` is one of pino's names or `silent`. Lines go to standard output unless `destination` is given. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      mixin: operationFields,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError, error: describeError },
    },
    destination,
  );
}
