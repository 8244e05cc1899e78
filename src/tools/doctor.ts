/** `npm run doctor`: says of a configured installation what is wrong, how to mend it, and whether it may go live. */
import 'reflect-metadata/lite';
import { parseArgs } from 'node:util';
import { lineOf, mayGoLive, runChecks } from './doctor/check.ts';
import { checksOf } from './doctor/checks.ts';
import { readSettings } from './doctor/settings.ts';

const USAGE = `npm run --silent doctor -- [--probe]

Checks the installation that the environment describes, as production. One line for each finding:

  ok | warn | fail  what — how to mend

It ends with 0 where nothing failed, else with 1. It writes nothing anywhere, but for

  --probe   make invented customers in M2, at PLACEHOLDER_DOMAIN, to see what strangers can write; they are deleted
  --help    print this
`;

async function examine(mayProbe: boolean): Promise<void> {
  const { config, findings: ofSettings } = readSettings(process.env);
  const checks = config === null ? [] : checksOf(config, { mayProbe });
  const findings = [...ofSettings, ...(await runChecks(checks))];
  const count = (level: string) => findings.filter((finding) => finding.level === level).length;
  const isFit = mayGoLive(findings);
  const verdict = isFit ? 'It may go live.' : 'It may not go live yet.';
  process.stdout.write(`${findings.map(lineOf).join('\n')}\n\n`);
  process.stdout.write(`${count('fail')} failed, ${count('warn')} to weigh. ${verdict}\n`);
  process.exitCode = isFit ? 0 : 1;
}

function readArguments() {
  try {
    const options = { probe: { type: 'boolean' }, help: { type: 'boolean' } } as const;
    return parseArgs({ args: process.argv.slice(2), options, strict: true }).values;
  } catch {
    return null;
  }
}

const given = readArguments();
if (given === null || given.help) {
  process[given === null ? 'stderr' : 'stdout'].write(USAGE);
  process.exitCode = given === null ? 1 : 0;
} else {
  await examine(given.probe === true);
}
