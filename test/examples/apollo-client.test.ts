import { filter, firstValueFrom } from 'rxjs';
import * as account from '../../examples/apollo-client/account.ts';
import { createCustomerClient } from '../../examples/apollo-client/client.ts';
import { keepsItsPromises } from './promises.ts';

keepsItsPromises((options) => {
  const customer = createCustomerClient(options);
  const { client, session } = customer;
  return {
    session,
    query: (query, variables) =>
      firstValueFrom(client.watchQuery({ query, variables }).pipe(filter(({ loading }) => !loading))),
    cached: () => JSON.stringify(client.extract()),
    askForCode: (phone) => account.askForCode(customer, phone),
    giveCode: (input) => account.giveCode(customer, input),
    addAddress: (input) => account.addAddress(customer, input),
    deleteAddress: (id) => account.deleteAddress(customer, id),
    watchAddresses: (show) => account.watchAddresses(customer, show),
    signOut: () => account.signOut(customer),
  };
});
