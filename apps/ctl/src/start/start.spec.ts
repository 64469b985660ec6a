import { describe, expect, it } from '@jest/globals';
import { Session } from '../command/session.js';
import { config } from '../config.js';
import { ctlProgram } from '../program.js';
import { addresses, unsealWarning } from './addresses.js';

const session = new Session(config.read({}));
const quiet = { session: () => session, print: () => undefined, now: () => new Date(0), exitWith: () => undefined };

/** Every command of the tree, as one would type it. */
function commands(of = ctlProgram(quiet, undefined), path: string[] = []): { path: string; help: string }[] {
  if (of.commands.length > 0) return of.commands.flatMap((command) => commands(command, [...path, command.name()]));
  let help = '';
  of.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return [{ path: path.join(' '), help }];
}

describe('the command line', () => {
  it.each(commands())('explains $path with an example', ({ path, help }) => {
    expect(help).toContain('Example:');
    expect(help.slice(help.indexOf('Example:'))).toContain(path);
  });

  it('has every command that operators and moderators are promised', () => {
    const promised = [
      'doctor',
      'selftest',
      'policy draft',
      'policy check',
      'policy promote',
      'policy rollback',
      'policy approve',
      'policy list',
      'policy show',
      'policy diff',
    ];
    promised.push(
      'hub add',
      'hub suspend',
      'hub list',
      'hub verify',
      'signal held',
      'signal release',
      'signal reject',
      'pseudonym suspend',
    );
    promised.push(
      'pseudonym reinstate',
      'people',
      'requests',
      'approve',
      'request unfreeze',
      'request people',
      'request witnesses',
      'request break-glass',
      'request deletion',
      'request undo-decision',
      'request key-rotation',
      'request execute',
      'break-glass',
      'decision undo',
      'case export',
      'case verify',
      'keys init',
      'keys unseal',
      'keys seal',
      'keys rehearse',
      'keys rekey begin',
      'keys rekey confirm',
      'keys rekey cancel',
      'keys status',
      'keys pin',
      'epoch close',
      'epoch show',
      'audit export',
      'audit verify',
      'audit tail',
      'audit stats',
      'top',
      'dev-issuer token',
      'start',
    );
    expect(commands().map(({ path }) => path)).toEqual(expect.arrayContaining(promised));
  });

  it('refuses words it does not know', async () => {
    const program = ctlProgram(quiet, undefined).configureOutput({ writeErr: () => undefined });
    await expect(program.parseAsync(['node', 'ctl', 'nope'])).rejects.toThrow(/unknown command/);
  });
});

describe('the addresses', () => {
  it('come after a loud word about the key that lies beside its lock', () => {
    expect(unsealWarning('/data/keys/keyholder')).toMatch(/^! WARNING: .*auto-unseal\.key\.\n! .*every secret/);
  });

  it('name every process and how to stop', () => {
    const urls = {
      registrar: 'http://r',
      nyms: 'http://n',
      keyholder: 'http://k',
      correlator: 'http://c',
      witness: 'http://w',
      issuer: 'http://i',
    };
    const text = addresses(urls, '/data', undefined);
    for (const url of Object.values(urls)) expect(text).toContain(url);
    expect(text).toContain('Ctrl-C');
    expect(text).not.toContain('scenario');
    expect(addresses(urls, '/data', 'http://hubs')).toContain('Hubs of the scenario, in memory: http://hubs, each at');
  });
});
