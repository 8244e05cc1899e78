/** What the pages for trying things out open with. */

/** An operation that is ready to run. */
export interface Step {
  /** One operation, with a comment that says what it is about. */
  document: string;
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
}

export interface ExplorerOptions {
  /** In the order in which they are run. */
  steps: readonly Step[];
  /** Whether there is an outbox to lead to. */
  hasOutbox: boolean;
}
