/** What screens call: signing in and out, and the address book. */
import type { CustomerClient } from './client.ts';
import {
  AddAddressDocument,
  AddressesDocument,
  type AddressesQuery,
  type AddressInput,
  DeleteAddressDocument,
  LoginDocument,
  LogoutDocument,
  VerifyOtpDocument,
  type VerifyOtpInput,
} from './generated/operations.ts';

// The cache knows lists by the types in them: without this an empty list is not asked for again when it grows,
// and a `Deleted` is in no list at all.
const OF_ADDRESSES = { additionalTypenames: ['CustomerAddress'] };

/**
 * Asks for a code. Like all functions here it resolves to a member of the result's union, for the screen to
 * match by `__typename`: whatever is not known there has a `message` to show. It rejects when there is no answer.
 */
export async function askForCode({ client }: CustomerClient, phone: string) {
  const { data, error } = await client.mutation(LoginDocument, { input: { phone: { number: phone } } });
  if (!data) throw error;
  return data.login;
}

/** Spends the code; with a `CustomerSession` the person is signed in and `client` is another one. */
export async function giveCode({ client, session }: CustomerClient, input: VerifyOtpInput) {
  const { data, error } = await client.mutation(VerifyOtpDocument, { input });
  if (!data) throw error;
  if (data.verifyOtp.__typename === 'CustomerSession') await session.start(data.verifyOtp);
  return data.verifyOtp;
}

/** Signs out here also where the service cannot be told within two seconds. */
export async function signOut({ client, session }: CustomerClient): Promise<void> {
  const told = client.mutation(LogoutDocument, {}).toPromise();
  await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 2000))]);
  await session.end();
}

export async function addAddress({ client }: CustomerClient, input: AddressInput) {
  const { data, error } = await client.mutation(AddAddressDocument, { input }, OF_ADDRESSES);
  if (!data) throw error;
  return data.addAddress;
}

export async function deleteAddress({ client }: CustomerClient, id: string) {
  const { data, error } = await client.mutation(DeleteAddressDocument, { id }, OF_ADDRESSES);
  if (!data) throw error;
  return data.deleteAddress;
}

/**
 * Shows the addresses now and whenever they change, `null` where they could not be had, until the function that it
 * returns is called. In React `useQuery` does the same.
 */
export function watchAddresses(
  { client }: CustomerClient,
  show: (addresses: AddressesQuery['addresses']) => void,
): () => void {
  const screen = client.query(AddressesDocument, {}, OF_ADDRESSES);
  const { unsubscribe } = screen.subscribe(({ stale, data }) => {
    if (!stale) show(data?.addresses ?? null);
  });
  return unsubscribe;
}
