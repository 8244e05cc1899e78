/** The process: reads its environment, starts the service, and stops it when told to. */
import { ConfigProblems, readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { startService } from './server.ts';

const GRACE_MS = 20_000;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLogger(config.logLevel);
  const service = await startService(config, log);
  if (service.sandbox) process.stdout.write(service.sandbox.greeting(service.url));
  log.info({ url: service.url }, 'ready');

  const stop = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error('work was still under way at the end of the grace time');
      process.exit(1);
    }, GRACE_MS).unref();
    service.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigProblems ? error.message : String(error)}\n`);
  process.exit(1);
});
