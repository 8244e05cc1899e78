/** The service's log: JSON lines, with what could name or impersonate a person masked. */
import { type DestinationStream, type Logger, pino } from 'pino';
import { operationFields } from './operation.ts';

export type { Logger };

// None of these looks through the rest of a long text again and again: clients may have a hand in what is logged.
// JWTs, what follows "Bearer", refresh tokens, whose parts may be without a digit, and any other long run that is no plain
// word: proofs, reset tokens, M2's own.
const SECRETS =
  /\bBearer\s+\S+|\beyJ[\w-]+\.[\w.-]+|\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.[\w.-]+|(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}/g;
const EMAILS = /[^\s@"<>:;,=/]+(?:@|%40)[^\s@"<>:;,=/]+\.[^\s@"<>:;,=/]+/g;
// Phones, national IDs and one-time codes are runs of digits, in whatever script and however grouped; so are
// harmless ids and dates, but a log can do without those.
const DIGITS = /\+?\p{Nd}(?:[ ()-]{0,2}\p{Nd}){5,}/gu;

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
