/** Whether EServices answers, and knows us. */
import { readExists } from '../../datasources/eservices/wire.ts';
import { ask } from './ask.ts';
import { type Check, fail, ok, reasonOf } from './check.ts';

const INVENTED_PHONE = '500000000';

/** Asks about an invented phone: the answer is a yes or a no. */
export function eservicesCheck({ url, token }: { url: string; token: string | null }): Check {
  return {
    name: 'EServices',
    async run() {
      const request = {
        method: 'POST',
        url: `${url.replace(/\/+$/, '')}/api/customer/is_patient_exists`,
        json: { phoneNo: INVENTED_PHONE },
        ...(token !== null && { headers: { authorization: `Bearer ${token}` } }),
      } as const;
      const reply = await ask(request).catch((error: unknown) => reasonOf(error));
      if (typeof reply === 'string') {
        return fail(
          `EServices: does not answer (${reply})`,
          'see ESERVICES_URL, the network and its certificate',
        );
      }
      if (reply.status === 401 || reply.status === 403) {
        return fail(
          `EServices: refuses us (${reply.status})`,
          'see ESERVICES_TOKEN and whether this address is let in',
        );
      }
      try {
        if (reply.status === 200) {
          readExists(reply.body);
          return ok('EServices: answers whether a phone is of a patient');
        }
      } catch {
        // Said below, as for any other answer that is no yes and no no.
      }
      return fail(
        `EServices: answers ${reply.status} without yes or no to api/customer/is_patient_exists`,
        'see that ESERVICES_URL is its base, without the path api/customer',
      );
    },
  };
}
