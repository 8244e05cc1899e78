/** Sentences for people, in their language. */
import { ar } from './ar.ts';
import { en } from './en.ts';

/** The languages that everything exists in. */
export type Language = 'en' | 'ar';
/** What names a sentence. */
export type TextKey = keyof typeof en;

const TEXTS: Record<Language, Record<TextKey, string>> = { en, ar };

/** Whether there is a sentence under `key`. */
export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(en, key);
}

/** The sentence under `key`, its `{placeholders}` filled in from `values`; one without a value stays as it is. */
export function text(
  language: Language,
  key: TextKey,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return TEXTS[language][key].replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : placeholder,
  );
}

// Browsers send a handful of languages; nobody needs more of a longer list read.
const MAX_RANGES = 20;

/**
 * The language that an `Accept-Language` header asks for most, English where it asks for neither.
 *
 * Weights count and regions do not: `ar-SA` is Arabic. Of equal weights the first wins (RFC 9110 section 12.5.4).
 */
export function languageOf(acceptLanguage: string | undefined): Language {
  let best: { language: Language; weight: number } | undefined;
  for (const range of (acceptLanguage ?? '').split(',', MAX_RANGES)) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const primary = tag.split('-')[0];
    if (primary !== 'en' && primary !== 'ar') continue;
    const stated = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    const weight = stated === undefined ? 1 : Number(stated);
    if (weight > 0 && weight <= 1 && weight > (best?.weight ?? 0)) best = { language: primary, weight };
  }
  return best?.language ?? 'en';
}
