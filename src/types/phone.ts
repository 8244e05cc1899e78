/** Phone numbers, as shown and as typed in. */
import { Field, InputType, ObjectType } from 'type-graphql';

/** A phone number in its three usual forms; all three say the same number. */
@ObjectType({
  simpleResolvers: true,
  description: "A customer's phone number, taken apart and whole.",
})
export class CustomerPhone {
  @Field(() => String, { description: 'Dial code with a plus sign, such as `+966`; no postal code.' })
  readonly zipCode!: string;

  @Field(() => String, { description: 'National number without the leading 0, such as `501234567`.' })
  readonly number!: string;

  @Field(() => String, { description: 'The whole number in E.164 form, such as `+966501234567`.' })
  readonly e164!: string;

  constructor(values: CustomerPhone) {
    Object.assign(this, values);
  }
}

/** A phone number as a person types it; checked by `inputs/`, not by a scalar. */
@InputType({
  description:
    'A phone number as typed in: a leading 0, spaces and Arabic-Indic or Persian digits are accepted. ' +
    'One that cannot be dialled, or of a country that is not served, is a `CustomerInputError`.',
})
export class PhoneInput {
  @Field(() => String, {
    defaultValue: '+966',
    description: 'Dial code: `+966`, `966` and `00966` mean the same.',
  })
  readonly zipCode!: string;

  @Field(() => String, { description: 'National number, with or without its leading 0.' })
  readonly number!: string;
}
