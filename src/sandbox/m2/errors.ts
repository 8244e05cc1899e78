/** Magento's refusals, in its own wording: a status, a message with placeholders, and their values apart. */

type Value = string | number | null;

/** An object for `%name` placeholders, an array for `%1`; left out when the message has none. */
export type Parameters = Record<string, Value> | Value[];

/** The JSON of a refusal: the message keeps its placeholders, `errors` lists several troubles. */
export interface ErrorBody {
  message: string;
  parameters?: Parameters;
  errors?: ErrorBody[];
}

/** Thrown anywhere in the M2 stand-in; the server answers it as it is. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: ErrorBody;

  constructor(status: number, body: ErrorBody) {
    super(body.message);
    this.name = 'Refusal';
    this.status = status;
    this.body = body;
  }
}

/** 400: the request cannot be taken as it is. */
export function badRequest(message: string, parameters?: Parameters): Refusal {
  return new Refusal(400, { message, ...(parameters && { parameters }) });
}

const REQUIRED = '"%fieldName" is required. Enter and try again.';

/** 400 for one missing field, or the list of them under `errors`. */
export function required(fieldNames: readonly string[]): Refusal {
  const errors = fieldNames.map((fieldName) => ({ message: REQUIRED, parameters: { fieldName } }));
  const [only] = errors;
  return new Refusal(
    400,
    errors.length === 1 && only ? only : { message: 'One or more input exceptions have occurred.', errors },
  );
}

/** 400 for a value that is well-formed and not among the possible ones. */
export function invalidValue(fieldName: string, value: Value): Refusal {
  return badRequest('Invalid value of "%value" provided for the %fieldName field.', { fieldName, value });
}

/** 400 for a value of the wrong type. `where` names the property around it; a path parameter has none. */
export function wrongType(value: string, expected: string, where?: string): Refusal {
  const message = `The "${value}" value's type is invalid. The "${expected}" type was expected. Verify and try again.`;
  return badRequest(where === undefined ? message : `${processing(where)} ${message}`);
}

/** The words that Magento puts before a trouble inside a property. */
export function processing(property: string): string {
  return `Error occurred during "${property}" processing.`;
}

/** 404 for one or two fields that name nothing, such as `{ email, websiteId }`. */
export function noSuchEntity(fields: Record<string, string | number>): Refusal {
  const [first, second] = Object.entries(fields);
  const parameters = {
    ...(first && { fieldName: first[0], fieldValue: first[1] }),
    ...(second && { field2Name: second[0], field2Value: second[1] }),
  };
  const message = `No such entity with %fieldName = %fieldValue${second ? ', %field2Name = %field2Value' : ''}`;
  return new Refusal(404, { message, parameters });
}

/** 404 with a message of its own. */
export function notFound(message: string): Refusal {
  return new Refusal(404, { message });
}

/** 401 for everything about authorization: Magento knows no 403. `resources` is `self` or an ACL id. */
export function unauthorized(resources: string): Refusal {
  return new Refusal(401, {
    message: "The consumer isn't authorized to access %resources.",
    parameters: { resources },
  });
}

/** 401 with a message of its own: wrong passwords and locks. */
export function rejected(message: string): Refusal {
  return new Refusal(401, { message });
}

/** 500, masked as in production mode. */
export function internalError(): Refusal {
  const report = `webapi-${Math.floor(Math.random() * 2 ** 48).toString(16)}`;
  return new Refusal(500, {
    message: `Internal Error. Details are available in Magento log file. Report ID: ${report}`,
  });
}
