/** Calendar days: an instant's day in Saudi Arabia, and the Umm al-Qura calendar, the country's civil Hijri one. */
import {
  CalendarDate,
  GregorianCalendar,
  IslamicUmalquraCalendar,
  parseDate,
  toCalendar,
} from '@internationalized/date';
import { toAsciiDigits, withoutInvisible } from './digits.ts';

/** Whether the text is a day that exists, such as "2024-02-29". */
export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  // A Date takes 31 February for 3 March; the day then reads differently.
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

// Saudi Arabia keeps one offset all year and has had no other since time zones were agreed on.
const RIYADH_OFFSET_MS = 3 * 60 * 60 * 1000;
const INSTANT = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * The calendar day in Asia/Riyadh of an ISO 8601 instant: "1990-05-16T21:00:00Z" is "1990-05-17".
 *
 * A text without a zone is Riyadh's own time and keeps its day. `null` for what is no instant, and for the
 * year 1, which is .NET's way of leaving a date empty.
 */
export function riyadhDay(instant: string): string | null {
  const match = INSTANT.exec(instant.trim());
  const [text, day, zone] = match ?? [];
  if (!text || !day || !isCalendarDay(day) || day.startsWith('0001-')) return null;
  if (!zone) return day;
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? null : new Date(moment + RIYADH_OFFSET_MS).toISOString().slice(0, 10);
}

const UMM_AL_QURA = new IslamicUmalquraCalendar();
const GREGORIAN = new GregorianCalendar();
// The years whose month lengths are published; outside them the library only estimates.
const FIRST_YEAR = 1300;
const LAST_YEAR = 1600;

const YEAR_FIRST = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})$/;
const DAY_FIRST = /^(\d{1,2})([-/])(\d{1,2})\2(\d{4})$/;

function written(year: number, month: number, day: number): string {
  return [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join(
    '-',
  );
}

/** The Hijri day (`yyyy-mm-dd`) of a Gregorian one, or `null` for no such day or one outside 1300–1600 AH. */
export function toHijri(iso: string): string | null {
  if (!isCalendarDay(iso)) return null;
  const { year, month, day } = toCalendar(parseDate(iso), UMM_AL_QURA);
  return year >= FIRST_YEAR && year <= LAST_YEAR ? written(year, month, day) : null;
}

/**
 * The Gregorian day (`yyyy-mm-dd`) of a Hijri one, or `null` when that calendar has no such day.
 *
 * Takes `yyyy-mm-dd` and, as hospital records write it, `dd/mm/yyyy`, with hyphens or slashes and any of
 * the region's digits. Years outside 1300–1600 AH are `null`.
 */
export function fromHijri(hijri: string): string | null {
  const text = toAsciiDigits(withoutInvisible(hijri));
  const yearFirst = YEAR_FIRST.exec(text);
  const dayFirst = DAY_FIRST.exec(text);
  const [year, month, day] = yearFirst
    ? [Number(yearFirst[1]), Number(yearFirst[3]), Number(yearFirst[4])]
    : [Number(dayFirst?.[4]), Number(dayFirst?.[3]), Number(dayFirst?.[1])];
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1)) return null;
  if (day > UMM_AL_QURA.getDaysInMonth(new CalendarDate(UMM_AL_QURA, year, month, 1))) return null;
  const gregorian = toCalendar(new CalendarDate(UMM_AL_QURA, year, month, day), GREGORIAN);
  return written(gregorian.year, gregorian.month, gregorian.day);
}
