import { expect, it } from 'vitest';
import { cursorOf, idOfCursor } from '../../src/values/cursor.ts';

it.each(['1', '42', '9007199254740991'])('a cursor leads back to %s', (id) => {
  expect(idOfCursor(cursorOf(id))).toBe(id);
});

const base64 = (text: string) => Buffer.from(text).toString('base64url');
it.each([
  '',
  '42',
  'id:42',
  base64('42'),
  base64('id:'),
  base64('id:0'),
  base64('id:-1'),
  base64('id:1 or 1=1'),
  base64('id:99999999999999999'),
  `${cursorOf('42')}==`,
  `${cursorOf('42')} `,
  '../../8',
])('%j is no cursor', (cursor) => {
  expect(idOfCursor(cursor)).toBeNull();
});
