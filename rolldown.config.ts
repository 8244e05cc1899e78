import { defineConfig } from 'rolldown';

/** The service and its packages in a few files: to find and load 1,700 would take most of the time of a start. */
export default defineConfig({
  input: { main: 'src/main.ts', 'tools/doctor': 'src/tools/doctor.ts', 'tools/token': 'src/tools/token.ts' },
  platform: 'node',
  // The first is optional to type-graphql and not used; the second is there for developers only.
  external: ['class-validator', '@graphql-yoga/render-graphiql/graphiql'],
  // Apollo's hashing falls back on a slow one of its own where `module` is not Node's.
  transform: { define: { 'module.require': 'require' } },
  output: {
    // Without a hash, which the log would take for a token in the lines of a stack trace.
    chunkFileNames: 'chunks/[name].js',
    cleanDir: true,
    // Types of the schema are named after their classes, and stack traces show functions by name.
    keepNames: true,
    // Decorators need `reflect-metadata` before them, in whichever file either ends up.
    strictExecutionOrder: true,
    sourcemap: true,
  },
});
