/** What the doctor found, and how it reads. Pure. */
import { DAY_MS } from '#contracts';
import type { ConfigRow } from '#platform';
import type { PolicyRefused } from '#policy';

export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly what: string;
  readonly detail?: string;
}

/** Renewal comes at ten: with less, it has been forgotten. */
const WARN_DAYS = 7;

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

/** @param certificates that lie here, as far as they do */
export function certificateFindings(certificates: readonly { name: string; expiresAt: Date }[], now: Date): readonly Finding[] {
  if (certificates.length === 0) return [];
  const leftOf = ({ expiresAt }: { expiresAt: Date }) => Math.floor((expiresAt.getTime() - now.getTime()) / DAY_MS);
  const short = certificates.filter((one) => leftOf(one) < WARN_DAYS);
  if (short.length > 0)
    return short.map((one) => ({
      state: leftOf(one) < 0 ? 'fail' : 'warn',
      what: `certificate of ${one.name}`,
      detail: `${leftOf(one) < 0 ? 'ended on' : 'ends on'} ${one.expiresAt.toISOString().slice(0, 10)}: \`ctl keys certificates\` renews it`,
    }));
  const least = Math.min(...certificates.map(leftOf));
  return [
    { state: 'ok', what: 'certificates', detail: `${certificates.map(({ name }) => name).join(', ')}: ${least} days or more` },
  ];
}

export function settingsFindings(app: string, rows: readonly ConfigRow[]): readonly Finding[] {
  const wrong = rows.filter(({ problem }) => problem !== undefined);
  if (wrong.length === 0) return [{ state: 'ok', what: `${app} settings`, detail: `${rows.length} keys fit` }];
  return wrong.map(({ key, problem }) => ({ state: 'fail', what: `${app} settings`, detail: `${key} ${problem}` }));
}

export interface PolicyState {
  readonly version?: number;
  readonly author?: string;
  readonly approvers?: readonly string[];
  readonly violations?: readonly string[];
  readonly refusals: readonly PolicyRefused[];
}

/** @param violations of the rules for production: warnings, because every development policy has some. */
export function policyFindings({ version, author, approvers = [], violations = [], refusals }: PolicyState): readonly Finding[] {
  const refused: Finding[] = refusals.map(({ message }) => ({
    state: 'warn',
    what: 'policy file not followed',
    detail: message,
  }));
  if (version === undefined) return [{ state: 'fail', what: 'policy', detail: 'there is none that can be followed' }, ...refused];
  return [
    { state: 'ok', what: 'policy', detail: `version ${version} of ${author} is live, approved by ${approvers.join(', ')}` },
    ...refused,
    ...violations.map((detail): Finding => ({ state: 'warn', what: 'policy', detail })),
  ];
}
