/** What the doctor found, and how it reads. Pure. */
import type { ConfigRow } from '#platform';
import type { PolicyRefused } from '#policy';

export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly what: string;
  readonly detail?: string;
}

const marks = { ok: '✓', warn: '!', fail: '✗' } as const;

export const findingLine = ({ state, what, detail }: Finding): string => `${marks[state]} ${what}${detail ? `: ${detail}` : ''}`;

/** Nothing failed; warnings do not change the exit code. */
export const isHealthy = (findings: readonly Finding[]): boolean => findings.every(({ state }) => state !== 'fail');

export interface Readiness {
  readonly live: boolean;
  readonly status?: number | undefined;
  /** Of /health/ready. */
  readonly checks?: Readonly<Record<string, string>> | undefined;
}

export function readinessFinding(app: string, url: string, { live, status, checks = {} }: Readiness): Finding {
  if (!live) return { state: 'fail', what: app, detail: `does not answer at ${url}` };
  const down = Object.entries(checks).flatMap(([name, state]) => (state === 'up' ? [] : [name]));
  if (status === 200)
    return { state: 'ok', what: app, detail: `ready at ${url} (${Object.keys(checks).join(', ') || 'no checks'})` };
  return { state: 'fail', what: app, detail: `lives, but is not ready: ${down.join(', ') || 'it starts or stops'}` };
}

export function settingsFindings(app: string, rows: readonly ConfigRow[]): readonly Finding[] {
  const wrong = rows.filter(({ problem }) => problem !== undefined);
  if (wrong.length === 0) return [{ state: 'ok', what: `${app} settings`, detail: `${rows.length} keys fit` }];
  return wrong.map(({ key, problem }) => ({ state: 'fail', what: `${app} settings`, detail: `${key} ${problem}` }));
}

export interface PolicyState {
  readonly version?: number;
  readonly signers?: number;
  readonly quorum?: number;
  readonly violations?: readonly string[];
  readonly refusals: readonly PolicyRefused[];
}

/** @param violations of the rules for production: warnings, because every development policy has some. */
export function policyFindings({ version, signers, quorum, violations = [], refusals }: PolicyState): readonly Finding[] {
  const refused: Finding[] = refusals.map(({ message }) => ({
    state: 'warn',
    what: 'policy file not followed',
    detail: message,
  }));
  if (version === undefined) return [{ state: 'fail', what: 'policy', detail: 'there is none that can be followed' }, ...refused];
  return [
    { state: 'ok', what: 'policy', detail: `version ${version} is live, ${signers} of ${quorum} signatures` },
    ...refused,
    ...violations.map((detail): Finding => ({ state: 'warn', what: 'policy', detail })),
  ];
}
