/** The number of a patient's file at the hospital. */

/** Whether the text is 1 to 20 ASCII letters, digits and hyphens, which is all we know of its form. */
export function isFileNo(text: string): boolean {
  return /^[A-Za-z0-9-]{1,20}$/.test(text);
}
