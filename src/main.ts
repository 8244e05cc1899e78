/** The process: reads its environment, starts the service, and stops it when told to. */
import { type Config, ConfigProblems, readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { type Service, startService } from './server.ts';

// Longer than answers and what goes on after them may take. It comes on top of the delay before the door closes.
const GRACE_MS = 25_000;

/** What `start` was hindered by, in words for whoever set the port. */
function portProblem(error: unknown, { host, port: mainPort, metricsPort }: Config): string | null {
  const { code, port } = error instanceof Error ? (error as NodeJS.ErrnoException & { port?: number }) : {};
  const setting = port === metricsPort && port !== mainPort ? 'METRICS_PORT' : 'PORT';
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another process: stop that one, or set ${setting} to another.`;
    case 'EACCES':
      return `This user may not listen on port ${port}: set ${setting} to one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `There is no address ${host} on this machine to listen on: see HOST.`;
    default:
      return null;
  }
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLogger(config.logLevel);
  // Node would print it as it is; the log masks it.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'nobody caught an error');
    process.exit(1);
  });

  let service: Service;
  try {
    service = await startService(config, log);
  } catch (error) {
    throw portProblem(error, config) ?? error;
  }
  // Elsewhere some upstream is real, and the greeting would not be true.
  if (config.isSandbox && service.sandbox) process.stdout.write(service.sandbox.greeting(service.url));
  const outbox = service.sandbox && { outbox: new URL('/sandbox/outbox', service.url).href };
  const metrics = service.metricsUrl && { metrics: service.metricsUrl };
  log.info({ url: service.url, ...metrics, ...outbox }, 'ready');

  const stop = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error('work was still under way at the end of the grace time');
      process.exit(1);
    }, config.shutdownDelayMs + GRACE_MS).unref();
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
