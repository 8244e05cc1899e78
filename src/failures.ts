/** What a caller cannot mend: the closed list of failures, thrown anywhere and shown in `errors`. */

export type FailureCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_INVALID'
  | 'LIMIT_EXCEEDED'
  | 'BAD_USER_INPUT';

const MESSAGES: Record<FailureCode, string> = {
  UNAUTHENTICATED: 'Sign in to see this.',
  FORBIDDEN: 'This is not for the caller to see.',
  UPSTREAM_UNAVAILABLE: 'A system behind this field does not answer right now.',
  UPSTREAM_INVALID: 'A system behind this field answered something that cannot be used.',
  LIMIT_EXCEEDED: 'The operation is larger than this service allows.',
  BAD_USER_INPUT: 'An argument of this field cannot be used as it is.',
};

/** Whether a code of `errors` tells of trouble here or behind this service, rather than of what was asked. */
export function isFault(code: string): boolean {
  return code === 'INTERNAL_SERVER_ERROR' || code.startsWith('UPSTREAM_');
}

/**
 * A trouble that the client sees only as its code and a fixed message.
 *
 * `detail` and `cause` go to the log and never to the client. `retryable` is true where the same
 * request may succeed later.
 */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly detail: string | undefined;
  readonly retryable: boolean;

  constructor(code: FailureCode, options: { message?: string; detail?: string; cause?: unknown } = {}) {
    super(options.message ?? MESSAGES[code], { cause: options.cause });
    this.name = 'Failure';
    this.code = code;
    this.detail = options.detail;
    this.retryable = code === 'UPSTREAM_UNAVAILABLE';
  }
}
