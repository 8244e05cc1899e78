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

/**
 * Asks for a code. Like all functions here it resolves to a member of the result's union, for the screen to
 * match by `__typename`: whatever is not known there has a `message` to show. It rejects when there is no answer.
 */
export async function askForCode({ client }: CustomerClient, phone: string) {
  const { data, error } = await client.mutate({
    mutation: LoginDocument,
    variables: { input: { phone: { number: phone } } },
  });
  if (!data) throw error;
  return data.login;
}

/** Spends the code; with a `CustomerSession` the person is signed in and every screen asks again. */
export async function giveCode({ client, session }: CustomerClient, input: VerifyOtpInput) {
  const { data, error } = await client.mutate({ mutation: VerifyOtpDocument, variables: { input } });
  if (!data) throw error;
  if (data.verifyOtp.__typename === 'CustomerSession') await session.start(data.verifyOtp);
  return data.verifyOtp;
}

/** Signs out here also where the service cannot be told within two seconds. */
export async function signOut({ client, session }: CustomerClient): Promise<void> {
  const told = client.mutate({ mutation: LogoutDocument }).catch(() => undefined);
  await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 2000))]);
  await session.end();
}

export async function addAddress({ client }: CustomerClient, input: AddressInput) {
  const { data, error } = await client.mutate({
    mutation: AddAddressDocument,
    variables: { input },
    // The whole list, for a new default changes another address as well.
    update: (cache) => cache.evict({ id: 'ROOT_QUERY', fieldName: 'addresses' }),
  });
  if (!data) throw error;
  return data.addAddress;
}

export async function deleteAddress({ client }: CustomerClient, id: string) {
  const { data, error } = await client.mutate({
    mutation: DeleteAddressDocument,
    variables: { id },
    update(cache, { data }) {
      if (data?.deleteAddress.__typename !== 'Deleted') return;
      cache.evict({ id: cache.identify({ __typename: 'CustomerAddress', id }) });
      cache.gc();
    },
  });
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
  const screen = client.watchQuery({ query: AddressesDocument });
  const subscription = screen.subscribe(({ loading, dataState, data }) => {
    if (!loading) show(dataState === 'complete' ? data.addresses : null);
  });
  return () => subscription.unsubscribe();
}
