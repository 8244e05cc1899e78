/** What the apps show of the shop itself, the same for everybody. */
import { Ctx, Directive, Query, Resolver } from 'type-graphql';
import { publicFor } from '../cache-policy.ts';
import type { Context } from '../context.ts';
import { AppInfo, Faq } from '../types/app-info.ts';

const FIVE_MINUTES_SECONDS = 5 * 60;

@Resolver()
export class AppInfoResolver {
  @publicFor(FIVE_MINUTES_SECONDS)
  @Directive('@cost(weight: 2)')
  @Query(() => AppInfo, {
    nullable: true,
    description: 'How to reach the shop, what customers agree to, and which versions of the apps still work.',
  })
  async appInfo(@Ctx() { language, parts }: Context): Promise<AppInfo> {
    return await parts.m2.appInfo.find(language);
  }

  @publicFor(FIVE_MINUTES_SECONDS)
  @Directive('@cost(weight: 2)')
  @Query(() => [Faq], {
    nullable: true,
    description: "Questions that customers ask often, in the shop's order.",
  })
  async faqs(@Ctx() { language, parts }: Context): Promise<Faq[]> {
    return await parts.m2.appInfo.faqs(language);
  }
}
