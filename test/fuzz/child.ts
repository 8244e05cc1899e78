/** Starts the service in a process of its own, so that a crash is seen as one. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Report } from './service-process.ts';

export interface ServiceProcess {
  url: string;
  port: number;
  /** Rejects where the process has ended. `collect`: after a garbage collection. */
  report(request?: 'collect'): Promise<Report>;
  stop(): Promise<void>;
}

/** `settings` are all that the service gets of the environment besides what Node needs. */
export async function startServiceProcess(
  settings: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  const child = fork(fileURLToPath(new URL('service-process.ts', import.meta.url)), {
    execArgv: ['--expose-gc', '--import', 'tsx'],
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', ...settings },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const stderr: string[] = [];
  child.stderr?.on('data', (chunk) => void stderr.push(String(chunk)));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);

  const first = await nextReport(child, stderr);
  return {
    url: first.url,
    port: Number(new URL(first.url).port),
    async report(request) {
      const report = nextReport(child, stderr);
      if (child.connected) child.send(request ?? 'report');
      return report;
    },
    async stop() {
      process.off('exit', kill);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

async function nextReport(child: ChildProcess, stderr: string[]): Promise<Report> {
  const ended = () =>
    new Error(`the service has ended (${child.exitCode ?? child.signalCode}):\n${stderr.join('')}`);
  if (child.exitCode !== null || child.signalCode !== null) throw ended();
  const stop = new AbortController();
  try {
    const exit = once(child, 'exit', stop).then(() => {
      throw ended();
    });
    const [report] = await Promise.race([once(child, 'message', stop), exit]);
    return report;
  } finally {
    stop.abort();
  }
}
