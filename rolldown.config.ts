import { defineConfig, type Plugin } from 'rolldown';

/** V8 keeps a file in two bytes a character if one of them is beyond Latin-1, and for as long as the process lives. */
const onlyAscii: Plugin = {
  name: 'only-ascii',
  renderChunk: (code) => ({
    code: code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    // Good enough as it was: no line becomes another.
    map: null,
  }),
};

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
    comments: false,
    // It would print again what the plugin has written, as it was before.
    minify: false,
    plugins: [onlyAscii],
  },
});
