/** How long something is good for, in words. */
import type { Language } from './texts.ts';

const HOUR_SECONDS = 60 * 60;

/** "5 minutes", "24 hours", "5 دقائق": Arabic has six forms for the noun, all of which ICU knows. */
export function duration(language: Language, seconds: number): string {
  const locale = language === 'ar' ? 'ar-u-nu-latn' : 'en';
  const isHours = seconds >= HOUR_SECONDS && seconds % HOUR_SECONDS === 0;
  const unit = isHours ? 'hour' : 'minute';
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
  return format.format(Math.round(seconds / (isHours ? HOUR_SECONDS : 60)));
}
