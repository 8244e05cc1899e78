/** Dates in the spellings that PHP makes sense of. */
import { badRequest } from './errors.ts';

const ISO = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?$/;
const US = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;
const DAY_FIRST = /^(\d{1,2})-(\d{1,2})-(\d{4})$/;

function parts(text: string): [year: number, month: number, day: number] | null {
  const iso = ISO.exec(text);
  if (iso) return [Number(iso[1]), Number(iso[2]), Number(iso[3])];
  const us = US.exec(text);
  if (us) return [Number(us[3]), Number(us[1]), Number(us[2])];
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst) return [Number(dayFirst[3]), Number(dayFirst[2]), Number(dayFirst[1])];
  return null;
}

/** `YYYY-MM-DD`. As in PHP, 31 February is 3 March; what is no date at all is refused with 400. */
export function readDate(text: string): string {
  const [year, month, day] = parts(text.trim()) ?? [0, 0, 0];
  if (month < 1 || month > 12 || day < 1 || day > 31) throw badRequest('Invalid date');
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}
