/** Arbitrary arguments for any field, made from the schema alone. */
import fc, { type Arbitrary } from 'fast-check';
import {
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { RootField } from './documents.ts';
import { plausibleText } from './plausible.ts';
import { mapTexts, oddPiece, oddText } from './texts.ts';

/**
 * How much of it is off: `calm` is what forms send, `odd` has strange texts of the right type in some places,
 * `wild` in all of them, with values of other types and unknown fields besides.
 */
export type Mood = 'calm' | 'odd' | 'wild';

export type Arguments = Record<string, unknown>;

/** What is left out of an input object or of the arguments; `null` is a value of its own. */
const ABSENT = Symbol('absent');

/** The arguments of one field by their names. */
export function argumentsOf({ name, args }: Pick<RootField, 'name' | 'args'>): Arbitrary<Arguments> {
  const inMood = (mood: Mood) =>
    fc.record(Object.fromEntries(args.map((arg) => [arg.name, member(name, arg, mood)])));
  const calm = inMood('calm').map(withoutAbsent);
  return fc.oneof(
    { weight: 3, arbitrary: calm },
    { weight: 4, arbitrary: fc.tuple(calm, fc.nat(), oddPiece, fc.boolean()).map(withOneSpoilt) },
    { weight: 2, arbitrary: inMood('odd').map(withoutAbsent) },
    { weight: 2, arbitrary: inMood('wild').map(withoutAbsent) },
  );
}

/** All calm but one text, so that what is odd about it is not hidden behind other problems. */
function withOneSpoilt([args, choice, piece, isFirst]: [Arguments, number, string, boolean]): Arguments {
  const texts: string[] = [];
  const copy = mapTexts(args, (text) => {
    texts.push(text);
    return text;
  });
  let left = choice % Math.max(texts.length, 1);
  return mapTexts(copy, (text) => {
    if (left-- !== 0) return text;
    return isFirst ? `${piece}${text}` : `${text}${piece}`;
  });
}

interface Member {
  name: string;
  type: GraphQLInputType;
}

/** `owner` is the field or the type that has the member: the two make its place, such as `LoginInput.email`. */
function member(owner: string, { name, type }: Member, mood: Mood): Arbitrary<unknown> {
  const value = valueFor(type, `${owner}.${name}`, mood);
  if (isNonNullType(type)) {
    return mood === 'wild'
      ? fc.oneof({ weight: 12, arbitrary: value }, fc.constantFrom(null, ABSENT))
      : value;
  }
  // Where it cannot be cleared, `null` is refused: with more of them, nothing long would ever be accepted.
  const left = mood === 'calm' ? [ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, null] : [ABSENT, ABSENT, null];
  return fc.oneof({ weight: 3, arbitrary: value }, fc.constantFrom(...left));
}

function valueFor(type: GraphQLInputType, place: string, mood: Mood): Arbitrary<unknown> {
  const fitting = fittingValue(getNullableType(type), place, mood);
  return mood === 'wild' ? fc.oneof({ weight: 15, arbitrary: fitting }, fc.jsonValue()) : fitting;
}

function fittingValue(type: GraphQLInputType, place: string, mood: Mood): Arbitrary<unknown> {
  if (isListType(type)) return listOf(valueFor(type.ofType, place, mood), mood);
  if (isInputObjectType(type)) {
    const members = Object.values(type.getFields()).map(
      (field) => [field.name, member(type.name, field, mood)] as const,
    );
    const object = fc.record(Object.fromEntries(members)).map(withoutAbsent);
    return mood === 'wild' ? fc.oneof({ weight: 9, arbitrary: object }, withStranger(object)) : object;
  }
  if (isEnumType(type)) {
    const known = fc.constantFrom(...type.getValues().map((value) => value.name));
    return mood === 'wild' ? fc.oneof({ weight: 5, arbitrary: known }, oddText) : known;
  }
  switch (type.toString()) {
    case 'Boolean':
      return fc.boolean();
    case 'Latitude':
    case 'Longitude':
      return degrees(mood, type.toString() === 'Latitude' ? 24.7136 : 46.6753);
    case 'URL':
      return fc.oneof(
        fc.webUrl(),
        fc.constantFrom('javascript:alert(1)', 'https://shop.example.com'),
        oddText,
      );
    default:
      return textFor(place, mood);
  }
}

function textFor(place: string, mood: Mood): Arbitrary<unknown> {
  const plausible = plausibleText(place);
  if (mood === 'calm') return plausible;
  const spoilt = fc
    .tuple(plausible, oddPiece, fc.boolean())
    .map(([text, piece, first]) => (first ? `${piece}${text}` : `${text}${piece}`));
  return mood === 'odd'
    ? fc.oneof({ weight: 12, arbitrary: plausible }, { weight: 2, arbitrary: spoilt }, oddText)
    : fc.oneof(plausible, spoilt, oddText);
}

function listOf(value: Arbitrary<unknown>, mood: Mood): Arbitrary<unknown[]> {
  return mood === 'calm'
    ? fc.array(value, { minLength: 1, maxLength: 2 })
    : fc.oneof(fc.array(value, { maxLength: 3 }), fc.array(value, { minLength: 300, maxLength: 300 }));
}

/** `home` is where people are, most of the time. */
function degrees(mood: Mood, home: number): Arbitrary<unknown> {
  const good = fc.constantFrom(home, home, home, home, 24.7136, 46.6753, -33.8, 0, -0, 90, 12.123456789);
  const bad = fc.constantFrom(90.0000001, 180, -180, 181, 1e-7, 5e-324, 1e308, '24.7', '', '24° N', 1e21);
  return mood === 'calm' ? good : fc.oneof(good, bad, fc.double({ noNaN: true, noDefaultInfinity: true }));
}

function withStranger(object: Arbitrary<Arguments>): Arbitrary<Arguments> {
  const names = fc.constantFrom('__proto__', 'constructor', 'groupId', 'websiteId', 'isPatient', 'ünknown');
  return fc.tuple(object, names, fc.jsonValue()).map(([known, name, value]) => {
    // Not a literal: `__proto__` has to become a property like any other.
    return Object.fromEntries([...Object.entries(known), [name, value]]);
  });
}

function withoutAbsent(members: Arguments): Arguments {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== ABSENT));
}
