import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // vite would pick graphql's ESM build while Node's packages load the CommonJS one: two realms, one schema.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['reflect-metadata/lite'],
    // One less than the cores, as is the default, would be a single one on two; and much of the time is waiting.
    maxWorkers: Math.max(2, availableParallelism()),
  },
});
