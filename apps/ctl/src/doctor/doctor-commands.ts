/** `ctl doctor`: is all as it should be, and with which settings. Reads only. */
import path from 'node:path';
import type { Command } from 'commander';
import type { ConfigDefinition, ConfigRow } from '#platform';
import { checkPolicy, PolicyStore } from '#policy';
import { certificatesIn } from '../certificates/certificate-folder.js';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import type { Session } from '../command/session.js';
import { table } from '../command/table.js';
import { appNames, isInternal } from '../stack/app-specs.js';
import type { AppName } from '../stack/app-specs.js';
import { postgresBinaries } from '../stack/postgres-binaries.js';
import { root } from '../stack/root.js';
import { isRunning } from '../stack/run-record.js';
import { StackError } from '../stack/stack-error.js';
import { checkRoles } from './check-roles.js';
import { certificateFindings, findingLine, isHealthy, policyFindings, readinessFinding, settingsFindings } from './findings.js';
import type { Finding, Readiness } from './findings.js';

const LOOK_MS = 5_000;

export function addDoctorCommand(program: Command, { session: open, print, exitWith }: Context): void {
  program
    .command('doctor')
    .description('check processes, settings, policy and database roles; exit code 1 if anything is wrong')
    .option('--settings', 'print every setting in effect, secrets as [secret]')
    .addHelpText('after', example('doctor', 'doctor --settings'))
    .action(async ({ settings }: { settings?: true }, command: Command) => {
      const session = open(command);
      const described = await describedSettings(session);
      if (settings) for (const [app, rows] of described) print(`${app}\n${settingsTable(rows)}\n`);
      const findings = [
        ...machine(),
        launcher(session),
        ...described.flatMap(([app, rows]) => settingsFindings(app, rows)),
        ...policy(session),
        ...certificateFindings(certificatesIn(session.at.tls), new Date()),
        ...(await Promise.all(appNames.map((app) => processState(session, app)))),
        ...(await roles(session)),
      ];
      for (const finding of findings) print(findingLine(finding));
      if (!isHealthy(findings)) exitWith(1);
    });
}

const settingsTable = (rows: readonly ConfigRow[]): string =>
  table(
    ['variable', 'value', 'from', 'meaning'],
    rows.map(({ key, value, source, help }) => [key, value, source, help]),
  );

function machine(): Finding[] {
  const node: Finding = { state: 'ok', what: 'Node', detail: `${process.versions.node} on ${process.platform}-${process.arch}` };
  try {
    return [node, { state: 'ok', what: 'embedded PostgreSQL', detail: postgresBinaries() }];
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    return [node, { state: 'warn', what: 'embedded PostgreSQL', detail: error.message }];
  }
}

function launcher(session: Session): Finding {
  const run = session.run();
  if (!run) return { state: 'warn', what: 'launcher', detail: `none on ${session.dataDir}` };
  if (isRunning(run.launcher))
    return { state: 'ok', what: 'launcher', detail: `process ${run.launcher.pid} on ${session.dataDir}` };
  return {
    state: 'warn',
    what: 'launcher',
    detail: `was killed (process ${run.launcher.pid}); the next \`npm start\` cleans up`,
  };
}

/** The table each app reads its settings by, with the environment it was started with. */
async function describedSettings(session: Session): Promise<readonly (readonly [AppName, readonly ConfigRow[]])[]> {
  const env = session.run()?.env ?? {};
  const apps = appNames.filter((app) => env[app]);
  return Promise.all(
    apps.map(async (app) => {
      const { config } = (await import(path.join(root, 'dist', 'apps', app, 'src', 'config.js'))) as {
        config: ConfigDefinition<unknown, unknown>;
      };
      return [app, config.describe(env[app] ?? {})] as const;
    }),
  );
}

function policy(session: Session): readonly Finding[] {
  let store: PolicyStore;
  try {
    store = new PolicyStore({ folder: session.policyDir, people: session.people(), production: false });
  } catch (error) {
    return [{ state: 'fail', what: 'policy', detail: (error as Error).message }];
  }
  store.look();
  const live = store.versions().at(-1);
  if (!live) return policyFindings({ refusals: store.refusals() });
  return policyFindings({
    version: live.version,
    author: live.author,
    approvers: live.approvers,
    violations: checkPolicy(live.document, { production: true }),
    refusals: store.refusals(),
  });
}

async function processState(session: Session, app: AppName): Promise<Finding> {
  let url: string;
  try {
    url = session.url(app);
  } catch (error) {
    return { state: 'fail', what: app, detail: (error as Error).message };
  }
  return readinessFinding(app, url, await readiness(session, app, url));
}

async function readiness(session: Session, app: AppName, url: string): Promise<Readiness> {
  const via = isInternal(app) ? session.client(app) : undefined;
  const get = (route: string) =>
    (via?.request(route, { timeoutMs: LOOK_MS }) ?? fetch(url + route, { signal: AbortSignal.timeout(LOOK_MS) })).catch(
      () => undefined,
    );
  const [live, ready] = await Promise.all([get('/health/live'), get('/health/ready')]);
  const body = (await ready?.json().catch(() => undefined)) as { checks?: Record<string, string> } | undefined;
  return { live: live?.ok ?? false, status: ready?.status, checks: body?.checks };
}

/** Only where the launcher's own databases are: elsewhere nobody should hold all roles' passwords. */
async function roles(session: Session): Promise<readonly Finding[]> {
  const run = session.run();
  if (!run || !isRunning(run.launcher)) return [];
  const env = run.env;
  const urlFor = (role: string) =>
    role === 'queue' ? env['nyms']?.['NYMS_QUEUE_DATABASE_URL'] : env[role]?.[`${role.toUpperCase()}_DATABASE_URL`];
  try {
    const { faults, asked } = await checkRoles({ urlFor });
    if (faults.length === 0)
      return [{ state: 'ok', what: 'database roles', detail: `${asked} questions, each refused or allowed as it must be` }];
    return faults.map((detail) => ({ state: 'fail', what: 'database roles', detail }));
  } catch (error) {
    return [{ state: 'fail', what: 'database roles', detail: (error as Error).message }];
  }
}
