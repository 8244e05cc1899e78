import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { drawSchema, readDocuments } from '../../schema/tools/picture.ts';

const read = (path: string) => readFile(new URL(`../../schema/${path}`, import.meta.url), 'utf8');

it('the committed picture is drawn from the committed SDL', async () => {
  const drawn = await drawSchema(await read('customer.graphql'), await readDocuments());
  expect(
    drawn === (await read('customer.svg')),
    'schema/customer.svg is out of date: run `npm run schema` and commit it.',
  ).toBe(true);
});

it('shows operations by noun, entities, relations and the errors', async () => {
  const sdl = `
    type Query { pet: Pet }
    type Mutation { feed: FeedResult! }
    type Pet @key(fields: "id") { id: ID! bowl: Bowl }
    type Bowl { size: Int }
    interface CustomerError { message: String! }
    type HungryError implements CustomerError { message: String! }
    union FeedResult = Bowl | HungryError
  `;
  const documents = new Map([['pet', 'query Pet { pet { id } } mutation Feed { feed { __typename } }']]);
  const svg = await drawSchema(sdl, documents);
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  expect(texts).toEqual(
    expect.arrayContaining([
      'pet',
      ' feed',
      'Bowl',
      'Pet · entity',
      'bowl',
      'size',
      'CustomerError',
      'HungryError',
    ]),
  );
  expect(svg.match(/class="edge"/g)).toHaveLength(1);
});

it('refuses a document that the SDL has no answer to', async () => {
  await expect(drawSchema('type Query { pet: Int }', new Map([['pet', '{ dog }']]))).rejects.toThrow(
    'schema/operations/pet.graphql asks for dog',
  );
});
