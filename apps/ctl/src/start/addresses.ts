/** Where the service is, and what a newcomer can do now. Pure. */
import path from 'node:path';
import { table } from '../command/table.js';
import type { PortName } from '../stack/app-specs.js';

const roles: Readonly<Record<PortName, string>> = {
  registrar: 'account side: enrolment, tickets, standing',
  nyms: 'pseudonym side: redemption, status, signals of hubs',
  correlator: 'tallies under encryption',
  witness: 'recomputes and attests them',
  keyholder: 'the only decryption key',
  issuer: 'development identity provider',
};

/** Where nobody holds shares. */
export const unsealWarning = (keyholderSecrets: string): string =>
  `! WARNING: the key holder unseals itself from ${path.join(keyholderSecrets, 'auto-unseal.key')}.\n` +
  '! Whoever reads this folder has every secret of the service. For development only; production refuses it.';

/** @param hubsUrl of the scenario's hubs */
export function addresses(urls: Readonly<Record<PortName, string>>, dataDir: string, hubsUrl: string | undefined): string {
  const rows = (Object.keys(roles) as PortName[]).map((name) => [name, urls[name], roles[name]]);
  return [
    table(['process', 'address', 'what it does'], rows),
    `API: ${urls.registrar}/openapi.json and ${urls.nyms}/openapi.json`,
    ...(hubsUrl === undefined ? [] : [`Hubs of the scenario, in memory: ${hubsUrl}, each at /<name>/state (/hub-01/state)`]),
    `Data, keys and logs: ${dataDir}`,
    'Next: npm run ctl -- doctor | top | policy show | epoch close --wait',
    'A hub of your own, in another terminal: node scripts/task.mjs hub --help',
    'Ctrl-C stops everything.',
  ].join('\n');
}
