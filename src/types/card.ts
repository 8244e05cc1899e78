/** Saved payment cards. */
import { createUnionType, Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { CardNotFoundError, RecentSignInRequiredError } from './customer-error.ts';
import { Deleted } from './deleted.ts';

/** The card schemes that clients show a logo for. */
export const CardBrand = {
  VISA: 'VISA',
  MASTERCARD: 'MASTERCARD',
  MADA: 'MADA',
  AMEX: 'AMEX',
  OTHER: 'OTHER',
} as const;
export type CardBrand = keyof typeof CardBrand;
registerEnumType(CardBrand, {
  name: 'CardBrand',
  description: 'The scheme of a card, for its logo.',
  valuesConfig: {
    VISA: { description: 'Visa.' },
    MASTERCARD: { description: 'Mastercard.' },
    MADA: { description: 'mada, the Saudi payment scheme.' },
    AMEX: { description: 'American Express.' },
    OTHER: { description: 'Any other, also one that is not known here.' },
  },
});

/** A saved card; the number itself is nowhere in this service. */
@Directive('@key(fields: "id")')
@ObjectType({
  simpleResolvers: true,
  description: 'A card saved for paying; its number is kept by the payment provider.',
})
export class SavedCard {
  @Field(() => ID, { description: 'Opaque; only good for its owner.' })
  readonly id!: string;

  @Field(() => String, { description: 'Four digits, leading zeros kept.' })
  readonly last4Digits!: string;

  @Field(() => String, { description: '`MM/YYYY`; the card is good until the end of that month.' })
  readonly expirationDate!: string;

  @Field(() => Boolean, { description: 'Whether that month is over, by Riyadh time.' })
  readonly isExpired!: boolean;

  @Field(() => Boolean, { description: 'Whether it is still good and ends within 60 days.' })
  readonly expiresSoon!: boolean;

  @Field(() => Boolean, { description: 'Whether paying with it asks for the code on its back.' })
  readonly requiresCvv!: boolean;

  @Field(() => String, { description: "The checkout's code of the payment method that it belongs to." })
  readonly paymentMethod!: string;

  @Field(() => CardBrand, { description: 'Which logo to show.' })
  readonly brand!: CardBrand;

  constructor(values: SavedCard) {
    Object.assign(this, values);
  }
}

export const DeleteCardResult = createUnionType({
  name: 'DeleteCardResult',
  description: 'What came of `deleteCard`.',
  types: () => [Deleted, CardNotFoundError, RecentSignInRequiredError] as const,
});
