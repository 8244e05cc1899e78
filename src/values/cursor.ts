/** Cursors of a list that is ordered by number: opaque to clients, and good after what they point at is gone. */

/** The cursor of the thing with this number. */
export function cursorOf(id: string): string {
  return Buffer.from(`id:${id}`).toString('base64url');
}

/** The number behind a cursor; `null` for a text that `cursorOf` never answered. */
export function idOfCursor(cursor: string): string | null {
  const id = /^id:([1-9]\d{0,15})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  // Base64 has several spellings of the same bytes; only ours counts.
  return id !== undefined && cursorOf(id) === cursor ? id : null;
}
