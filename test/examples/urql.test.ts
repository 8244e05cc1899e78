import * as account from '../../examples/urql/account.ts';
import { createCustomerClient } from '../../examples/urql/client.ts';
import { CustomerDocument } from '../support/operations.ts';
import { keepsItsPromises } from './promises.ts';

keepsItsPromises((options) => {
  const customer = createCustomerClient(options);
  return {
    session: customer.session,
    query: (query, variables) => customer.client.query(query, variables).toPromise(),
    cached: () => JSON.stringify(customer.client.readQuery(CustomerDocument, {})?.data ?? {}),
    askForCode: (phone) => account.askForCode(customer, phone),
    giveCode: (input) => account.giveCode(customer, input),
    addAddress: (input) => account.addAddress(customer, input),
    deleteAddress: (id) => account.deleteAddress(customer, id),
    watchAddresses: (show) => account.watchAddresses(customer, show),
    signOut: () => account.signOut(customer),
  };
});
