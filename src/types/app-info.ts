/** What the apps show of the shop itself. */
import { GraphQLEmailAddress, GraphQLURL } from 'graphql-scalars';
import { Field, ObjectType } from 'type-graphql';
import { DeviceType } from './device.ts';

/** The oldest app that still works. */
@ObjectType({
  simpleResolvers: true,
  description: 'The oldest version of an app that still works.',
})
export class AppVersion {
  @Field(() => DeviceType, { description: 'The kind of client.' })
  readonly platform!: DeviceType;

  @Field(() => String, { description: 'As the app stores number it, such as `3.2.0`.' })
  readonly version!: string;

  constructor(values: AppVersion) {
    Object.assign(this, values);
  }
}

/** The shop's page in a social network. */
@ObjectType({
  simpleResolvers: true,
  description: "The shop's page in a social network.",
})
export class SocialAccount {
  @Field(() => String, { description: 'Name of the network.' })
  readonly name!: string;

  @Field(() => GraphQLURL, { description: 'Where the page is.' })
  readonly url!: string;

  constructor(values: SocialAccount) {
    Object.assign(this, values);
  }
}

/** How to reach the shop, what it asks its customers to agree to, and which apps it still serves. */
@ObjectType({
  simpleResolvers: true,
  description: 'How to reach the shop, what customers agree to, and which versions of the apps still work.',
})
export class AppInfo {
  @Field(() => GraphQLEmailAddress, { nullable: true, description: 'For questions; `null` for none.' })
  readonly supportEmail!: string | null;

  @Field(() => String, { nullable: true, description: 'As people should read it; `null` for none.' })
  readonly supportPhone!: string | null;

  @Field(() => GraphQLURL, { nullable: true, description: 'The terms of use; `null` for none.' })
  readonly termsUrl!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'To hand back as `acceptedTermsVersion`; `null` where terms have no version.',
  })
  readonly termsVersion!: string | null;

  @Field(() => GraphQLURL, { nullable: true, description: 'The privacy notice; `null` for none.' })
  readonly privacyUrl!: string | null;

  @Field(() => [AppVersion], {
    description: 'Apps older than this have to be updated; at most one a platform.',
  })
  readonly minimumVersions!: AppVersion[];

  @Field(() => [SocialAccount], { description: "In the shop's order." })
  readonly socialAccounts!: SocialAccount[];

  constructor(values: AppInfo) {
    Object.assign(this, values);
  }
}

/** A question that customers ask often. */
@ObjectType({
  simpleResolvers: true,
  description: 'A question that customers ask often, and its answer.',
})
export class Faq {
  @Field(() => String, { description: "In the request's language, where the shop has it in that." })
  readonly question!: string;

  @Field(() => String, { description: 'As plain text or HTML, as the shop has it.' })
  readonly answer!: string;

  constructor(values: Faq) {
    Object.assign(this, values);
  }
}
