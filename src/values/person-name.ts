/** Names of people, as far as M2 takes them. */

/** The letters that M2's own name rule allows (Magento\Customer\Model\Validator\Name, 2.4.7). */
export const PERSON_NAME = /^[\p{L}\p{M}\p{Nd} ,\-_.'’`]+$/u;

const MAX_LENGTH = 255;

/** The name another system tells of, tidied; `null` where M2 would not take it. */
export function personNameOf(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  const name = text.replace(/\s+/g, ' ').trim();
  return name.length <= MAX_LENGTH && PERSON_NAME.test(name) ? name : null;
}
