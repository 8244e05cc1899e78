/** The devices that customers sign in on. */
import { GraphQLDateTime } from 'graphql-scalars';
import { createUnionType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { CustomerInputError } from './customer-error.ts';

/** The kinds of device that clients run on. */
export const DeviceType = { ANDROID: 'ANDROID', IOS: 'IOS', WEB: 'WEB' } as const;
export type DeviceType = keyof typeof DeviceType;
registerEnumType(DeviceType, {
  name: 'DeviceType',
  description: 'What kind of client a device runs.',
  valuesConfig: {
    ANDROID: { description: 'The Android app.' },
    IOS: { description: 'The iPhone or iPad app.' },
    WEB: { description: 'A browser.' },
  },
});

/** One open session seen as the device it runs on. `id` is the session's, not the hardware's. */
@ObjectType({
  simpleResolvers: true,
  description: 'A device that the customer is signed in on. It is gone from the list once signed out.',
})
export class SignedInDevice {
  @Field(() => ID, { description: 'Names the sign-in, not the hardware: signing in again gives a new one.' })
  readonly id!: string;

  @Field(() => ID, {
    nullable: true,
    description: "The client's own id for the hardware, as given at sign-in; `null` when none was given.",
  })
  readonly deviceId!: string | null;

  @Field(() => DeviceType, {
    nullable: true,
    description: '`null` when the client gave no device at sign-in.',
  })
  readonly type!: DeviceType | null;

  @Field(() => String, {
    nullable: true,
    description: "A name that people know it by, such as `Sara's phone`; `null` when none was given.",
  })
  readonly name!: string | null;

  @Field(() => Boolean, {
    description:
      'Whether push messages reach it: `false` without a push token, after another customer has signed in on the ' +
      'same hardware, and while the shop has not taken the token.',
  })
  readonly hasPush!: boolean;

  @Field(() => GraphQLDateTime, { description: 'When the customer signed in on it.' })
  readonly createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When its tokens were last renewed.' })
  readonly lastSeenAt!: Date;

  @Field(() => Boolean, { description: 'Whether this very request comes from it.' })
  readonly isCurrent!: boolean;

  constructor(values: SignedInDevice) {
    Object.assign(this, values);
  }
}

/** What a client says of its device when it signs in, and whenever that changes. */
@InputType({
  description:
    'The device that signs in, or is signed in. One sign-in per `deviceId` is kept: signing in again ends the ' +
    'one before, and push messages go to the customer who signed in last.',
})
export class DeviceInput {
  @Field(() => ID, {
    description:
      'Chosen by the client and kept for good, such as a UUID; at most 255 printable ASCII characters.',
  })
  readonly deviceId!: string;

  @Field(() => DeviceType, { defaultValue: 'ANDROID', description: 'What kind of client it runs.' })
  readonly type!: DeviceType;

  @Field(() => String, {
    nullable: true,
    description:
      'Push token, at most 4096 characters; `null` for no push messages. Left out: none at sign-in, and as it is ' +
      'in `updateDevice`.',
  })
  readonly registrationId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A name to show in the list of devices, at most 255 characters. Left out: none at sign-in, and as it is in ' +
      '`updateDevice`.',
  })
  readonly name?: string | null;
}

export const UpdateDeviceResult = createUnionType({
  name: 'UpdateDeviceResult',
  description: 'What came of `updateDevice`.',
  types: () => [SignedInDevice, CustomerInputError] as const,
});
