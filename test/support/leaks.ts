/** Looks for what is somebody's own in a text, however it is spelled there. */
import { toAsciiDigits } from '../../src/values/digits.ts';

/**
 * Those of `secrets` that stand in the text, in any case, script of digits, grouping, or percent-encoding.
 *
 * Seven digits and more are a number, found without its country's code or 0 as well; fewer, such as a code,
 * are found only as a whole, since times and ids hold such runs by chance; of a token each part counts.
 */
export function leaksIn(text: string, secrets: Iterable<string>): string[] {
  const plain = toAsciiDigits(text).toLowerCase();
  const views = [plain, percentDecoded(plain)];
  return [...new Set(secrets)].filter((secret) => {
    const finds = finders(toAsciiDigits(secret).toLowerCase());
    return finds.some((find) => views.some(find));
  });
}

/** The log lines as one text, without the times: a latitude looks like seconds now and then. */
export function withoutTimes(lines: readonly string[]): string {
  return lines.join('\n').replace(/"time":"[^"]*"/g, '');
}

function percentDecoded(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/g, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString(),
  );
}

function finders(secret: string): ((text: string) => boolean)[] {
  const digits = secret.replace(/[\s()+-]/g, '');
  if (/^\d{7,}$/.test(digits)) {
    const national = digits.replace(/^(00)?966/, '').replace(/^0/, '');
    const number = new RegExp([...national].join('[\\s().-]{0,2}'));
    return [(text) => number.test(text)];
  }
  if (/^\d+$/.test(digits)) {
    const alone = new RegExp(`(?<![\\w-])${digits}(?![\\w-])`);
    return [(text) => alone.test(text)];
  }
  const parts = secret.split('.').filter((part) => /^[\w-]{20,}$/.test(part));
  return (parts.length > 0 ? parts : [secret]).map((part) => (text) => text.includes(part));
}
