import { describe, expect, it } from 'vitest';
import { regionAt } from '../../src/values/region-at.ts';

type Places = Record<string, readonly [latitude: number, longitude: number]>;

const CITIES: Record<string, Places> = {
  'SA-01': { Riyadh: [24.7136, 46.6753], 'Al Kharj': [24.1554, 47.3346], 'Wadi ad-Dawasir': [20.46, 44.79] },
  'SA-02': { Makkah: [21.4225, 39.8262], Jeddah: [21.5433, 39.1728], Taif: [21.2703, 40.4158] },
  'SA-03': { Madinah: [24.4686, 39.6142], Yanbu: [24.0895, 38.0618], 'Al-Ula': [26.6085, 37.9232] },
  'SA-04': { Dammam: [26.4344, 50.1033], Hofuf: [25.3647, 49.5876], 'Hafar Al-Batin': [28.4328, 45.9708] },
  'SA-05': { Buraydah: [26.326, 43.975], Unaizah: [26.0879, 43.9637], 'Ar Rass': [25.8694, 43.4973] },
  'SA-06': { "Ha'il": [27.5219, 41.6907], Baqaa: [27.87, 42.38] },
  'SA-07': { Tabuk: [28.3838, 36.555], Umluj: [25.05, 37.265], Tayma: [27.629, 38.544] },
  'SA-08': { Arar: [30.9753, 41.0381], Rafha: [29.62, 43.5], Turaif: [31.6725, 38.6637] },
  'SA-09': { Jazan: [16.8892, 42.5511], Sabya: [17.1495, 42.6254], 'Abu Arish': [16.9689, 42.8325] },
  'SA-10': { Najran: [17.4933, 44.1277], Sharurah: [17.4856, 47.1167] },
  'SA-11': { 'Al Bahah': [20.0129, 41.4677], Baljurashi: [19.86, 41.56] },
  'SA-12': { Sakaka: [29.9697, 40.2064], Qurayyat: [31.3318, 37.3428], 'Dumat al-Jandal': [29.811, 39.87] },
  'SA-14': { Abha: [18.2164, 42.5053], 'Khamis Mushait': [18.3, 42.7333], Bisha: [20.0005, 42.6052] },
};

const BY_THE_SEA: Record<string, Places> = {
  'SA-02': { 'the corniche of Jeddah': [21.6, 39.104], Thuwal: [22.31, 39.1], 'Al Lith': [20.1525, 40.2664] },
  'SA-04': {
    'the corniche of Khobar': [26.29, 50.222],
    Qatif: [26.5654, 50.0089],
    'the island of Tarut': [26.5733, 50.0403],
    'Ras Tanura': [26.64, 50.16],
    Khafji: [28.4391, 48.4913],
    Salwa: [24.72, 50.77],
  },
  'SA-07': { 'Al Wajh': [26.24, 36.45], Haql: [29.283, 34.94], 'the coast of NEOM': [27.95, 35.25] },
  'SA-09': { 'the islands of Farasan': [16.7022, 42.1183], 'the corniche of Jazan': [16.905, 42.54] },
  'SA-14': { 'Al Birk': [18.21, 41.54] },
};

const BORDERS: Record<string, Places> = {
  'SA-07': { 'Halat Ammar, before Jordan': [29.15, 36.05] },
  'SA-09': { 'Samtah, before Yemen': [16.596, 42.944] },
  'SA-01': { 'Zulfi, before Al-Qassim': [26.2995, 44.8154] },
  'SA-05': { 'Al Mithnab, before Riyadh': [25.86, 44.22] },
  'SA-02': { 'Turabah, before Al-Bahah': [21.214, 41.633] },
  'SA-11': { 'Al Makhwah, before Makkah': [19.76, 41.43] },
};

const ELSEWHERE: Places = {
  'the Red Sea': [21, 38],
  'the Red Sea off Jazan': [17, 41.4],
  'the Gulf': [27.5, 50.8],
  'the causeway to Bahrain': [26.18, 50.32],
  'the Gulf of Aqaba': [28.6, 34.65],
  Manama: [26.2285, 50.586],
  Dubai: [25.2048, 55.2708],
  'Abu Dhabi': [24.4539, 54.3773],
  Doha: [25.2854, 51.531],
  'Abu Samra, behind Salwa': [24.75, 50.83],
  'Kuwait City': [29.3759, 47.9774],
  'Al Khiran, behind Khafji': [28.66, 48.38],
  Muscat: [23.588, 58.3829],
  Amman: [31.9454, 35.9284],
  Aqaba: [29.5321, 35.0063],
  Eilat: [29.55, 34.95],
  'Sharm el-Sheikh': [27.9158, 34.33],
  Cairo: [30.0444, 31.2357],
  Sanaa: [15.3694, 44.191],
  Midi: [16.32, 42.81],
  Baghdad: [33.3152, 44.3661],
  London: [51.5074, -0.1278],
  'the middle of nowhere': [0, 0],
  'the south pole': [-90, 0],
  'the date line': [24, 180],
};

const each = (of: Record<string, Places>) =>
  Object.entries(of).flatMap(([code, places]) =>
    Object.entries(places).map(([name, at]) => [name, code, at] as const),
  );

describe('a point in a Saudi region', () => {
  it('is told for two cities of each of the thirteen and more', () => {
    expect(Object.keys(CITIES)).toHaveLength(13);
    for (const places of Object.values(CITIES)) expect(Object.keys(places).length).toBeGreaterThan(1);
  });

  it.each(each(CITIES))('%s is in %s', async (_, code, [latitude, longitude]) => {
    expect(await regionAt(latitude, longitude)).toMatchObject({ code, countryCode: 'SA' });
  });

  it.each(each(BY_THE_SEA))('by the sea: %s is in %s', async (_, code, [latitude, longitude]) => {
    expect((await regionAt(latitude, longitude))?.code).toBe(code);
  });

  it.each(each(BORDERS))('near a border: %s, is in %s', async (_, code, [latitude, longitude]) => {
    expect((await regionAt(latitude, longitude))?.code).toBe(code);
  });
});

it.each(Object.entries(ELSEWHERE))('%s is in none', async (_, [latitude, longitude]) => {
  expect(await regionAt(latitude, longitude)).toBeNull();
});

it('what is no point is in none', async () => {
  expect(await regionAt(Number.NaN, 46)).toBeNull();
  expect(await regionAt(24, Number.POSITIVE_INFINITY)).toBeNull();
});
