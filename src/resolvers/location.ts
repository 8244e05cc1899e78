/** Countries, cities and regions, the same for everybody. */
import { GraphQLCountryCode, GraphQLLatitude, GraphQLLongitude } from 'graphql-scalars';
import { Arg, Ctx, Directive, Query, Resolver } from 'type-graphql';
import { publicFor } from '../cache-policy.ts';
import type { Context } from '../context.ts';
import { Region } from '../types/address.ts';
import { City, Country } from '../types/location.ts';
import { citiesOf } from '../values/city.ts';
import { regionName } from '../values/region.ts';
import { regionAt } from '../values/region-at.ts';

const HOUR_SECONDS = 60 * 60;
const DAY_SECONDS = 24 * HOUR_SECONDS;

@Resolver()
export class LocationResolver {
  @publicFor(HOUR_SECONDS)
  @Directive('@cost(weight: 5)')
  @Query(() => [Country], {
    nullable: true,
    description: "The countries that the shop knows, by their names in the request's language.",
  })
  async countries(@Ctx() { language, parts }: Context): Promise<Country[]> {
    return await parts.m2.directory.countries(language);
  }

  @publicFor(HOUR_SECONDS)
  @Directive('@cost(weight: 5)')
  @Query(() => Country, { nullable: true, description: '`null` for a country that the shop does not know.' })
  async country(
    @Arg('code', () => GraphQLCountryCode, { description: 'ISO 3166-1 alpha-2.' }) code: string,
    @Ctx() { language, parts }: Context,
  ): Promise<Country | null> {
    return await parts.m2.directory.country(code.toUpperCase(), language);
  }

  @publicFor(DAY_SECONDS)
  @Directive('@cost(weight: 2)')
  @Query(() => [City], {
    nullable: true,
    description:
      "The larger cities of a country, by their names in the request's language; `null` for a country whose cities " +
      'are not known here, which are all but Saudi Arabia.',
  })
  async cities(
    @Arg('countryCode', () => GraphQLCountryCode, { defaultValue: 'SA', description: 'ISO 3166-1 alpha-2.' })
    countryCode: string,
    @Ctx() { language }: Context,
  ): Promise<City[] | null> {
    const cities = await citiesOf(countryCode.toUpperCase());
    if (cities === null) return null;
    return cities
      .map((city) => new City({ code: city.code, name: city[language], regionCode: city.regionCode }))
      .toSorted((a, b) => a.name.localeCompare(b.name, language));
  }

  @publicFor(DAY_SECONDS)
  @Directive('@cost(weight: 2)')
  @Query(() => Region, {
    nullable: true,
    description:
      'The region around a point, for an address form that starts from the map. `null` at sea and outside Saudi ' +
      'Arabia; within a few kilometres of the border between two regions it may be the neighbour.',
  })
  async regionByPoint(
    @Arg('latitude', () => GraphQLLatitude, { description: 'Degrees north.' }) latitude: number,
    @Arg('longitude', () => GraphQLLongitude, { description: 'Degrees east.' }) longitude: number,
    @Ctx() { language }: Context,
  ): Promise<Region | null> {
    const region = await regionAt(latitude, longitude);
    return region && new Region({ ...region, name: regionName(region, language) });
  }
}
