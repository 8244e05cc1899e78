import { expect, test } from 'vitest';
import { personNameOf } from '../../src/values/person-name.ts';

test.each([
  [' Grace \n Example ', 'Grace Example'],
  ["Anne-Marie O'Neill Jr.", "Anne-Marie O'Neill Jr."],
  ['نورة', 'نورة'],
  ['a'.repeat(255), 'a'.repeat(255)],
])('a name that M2 takes is tidied: %j', (text, name) => {
  expect(personNameOf(text)).toBe(name);
});

test.each(['', '  ', 'Grace 🎉', '<script>', '{{var}}', 'a'.repeat(256), null, undefined, 5, {}])(
  'what M2 would refuse is no name: %j',
  (text) => {
    expect(personNameOf(text)).toBeNull();
  },
);
