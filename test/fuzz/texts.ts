/** Texts that forms do not expect. */
import fc from 'fast-check';

/** Is in many of the texts below, so that a message or a log line that repeats what was typed is found out. */
export const MARKER = 'zq7Mark';

// Whole words, with blanks between them.
const SCRIPTS = 'سارة ٠٥٠١٢٣٤٥٦٧ ﷺ İß 👩‍⚕️ 🇸🇦 e\u0301\u0301\u0301 \u{1d504} \u202e \u200f';
const CONTROLS = '\u0000 \u0007 \u001b[31m \u0085 \r\nx-injected:1 \t \u2028 \ufeff \ufffe';
const BROKEN = '\ud83d \udfff \udc00\ud800';
const PATHS = '../ .. . / ..%2f %2e%2e%2f %252e %00 % %c0%ae \\ ? # & ; @ //';
const SYNTAX = "\" ' 'or/**/1=1-- ` , ,1,2 * _ [ ] { {{var}} <b> | $ $' )";
const WORDS = '__proto__ constructor toString null NaN 1e309 -0 0x10 true';

/** A few characters of every kind, lone surrogates and control characters among them. */
export const oddPiece = fc.oneof(
  ...[SCRIPTS, CONTROLS, BROKEN, PATHS, SYNTAX, WORDS].map((words) =>
    fc.constantFrom('', ' ', ...words.split(' ')),
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);

/** From nothing at all to pages; half of them carry the `MARKER`. */
export const oddText = fc.oneof(
  { weight: 5, arbitrary: fc.array(fc.oneof(oddPiece, fc.constant(MARKER)), { maxLength: 6 }).map(joined) },
  { weight: 2, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.tuple(oddPiece, fc.constantFrom(65, 256, 513, 5_000, 20_000)).map(repeated) },
);

function joined(pieces: string[]): string {
  return pieces.join('');
}

function repeated([piece, length]: [string, number]): string {
  return `${MARKER}${piece}`.repeat(Math.ceil(length / (MARKER.length + piece.length)));
}

/** A copy of any JSON value with each of its texts changed; names of members stay. */
export function mapTexts<Value>(value: Value, change: (text: string) => string): Value;
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapTexts(item, change)]));
}
