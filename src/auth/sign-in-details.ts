/** What was typed in when a code was asked for, as it is kept until the code is spent. */
import { z } from 'zod';

const SignInDetails = z.discriminatedUnion('purpose', [
  z.object({
    purpose: z.literal('register'),
    firstName: z.string(),
    lastName: z.string(),
    email: z.string(),
    gender: z.enum(['MALE', 'FEMALE', 'NOT_SPECIFIED']).nullable(),
    country: z.string().nullable(),
    city: z.string().nullable(),
    language: z.enum(['EN', 'AR']).nullable(),
    acceptedTermsVersion: z.string().nullable(),
    isSubscribed: z.boolean(),
  }),
  z.object({
    purpose: z.literal('login'),
    createIfMissing: z.boolean(),
    acceptedTermsVersion: z.string().nullable(),
  }),
  z.object({
    purpose: z.literal('hmgLogin'),
    by: z.enum(['nationalId', 'fileNo']),
    value: z.string(),
    acceptedTermsVersion: z.string().nullable(),
  }),
  z.object({
    purpose: z.literal('passwordLogin'),
    customerId: z.string(),
    email: z.string(),
    /** Of the password that was right. */
    epoch: z.string().nullable(),
  }),
  z.object({
    purpose: z.literal('socialLink'),
    customerId: z.string(),
    provider: z.enum(['GOOGLE', 'APPLE']),
    subject: z.string(),
    /** The verified e-mail by which the customer was found; `null`: by the subject. */
    email: z.string().nullable(),
    acceptedTermsVersion: z.string().nullable(),
  }),
]);

export type SignInDetails = z.infer<typeof SignInDetails>;

/** Throws on what is not such details: they are sealed, so that would be our own mistake. */
export function readDetails(details: unknown): SignInDetails {
  return SignInDetails.parse(details);
}
