/** `ctl dev-issuer …`: access tokens for trying things out. It runs with `npm start`; here it also runs alone. */
import { once } from 'node:events';
import type { Command } from 'commander';
import { streamScopes } from '#contracts';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import type { Session } from '../command/session.js';
import { defaultPorts } from '../stack/app-specs.js';
import { stackKeys } from '../stack/keys.js';
import { hubKeysIn } from './hub-keys.js';
import { devIssuer } from './issuer.js';
import type { DevIssuer } from './issuer.js';
import { serveIssuer } from './server.js';

interface IssuerOptions {
  readonly port: number;
  readonly audience?: string;
}

export function addIssuerCommands(program: Command, { session: open, print }: Context): void {
  const issuer = program
    .command('dev-issuer')
    .description("a stand-in for the provider's identity system; a registrar in production refuses it");
  const port = ['--port <number>', 'of the issuer, when none runs', Number, defaultPorts.issuer] as const;
  const audience = ['--audience <url>', 'whom the tokens are for (default: the registrar that runs)'] as const;

  issuer
    .command('token <account>')
    .description('print an access token of an account, good for an hour')
    .option(...port)
    .option(...audience)
    .addHelpText('after', example('dev-issuer token alice'))
    .action(async (account: string, options: IssuerOptions, command: Command) =>
      print(await (await from(open(command), options)).mint(account)),
    );

  issuer
    .command('stream-token <hub>')
    .description("print an access token for a hub's streams, good for an hour")
    .option(...port)
    .addHelpText('after', example('dev-issuer stream-token https://hub-01.example'))
    .action(async (hub: string, options: IssuerOptions, command: Command) => {
      const session = open(command);
      const claims = { aud: session.url('nyms'), client_id: hub, scope: Object.values(streamScopes).join(' ') };
      print(await (await from(session, options)).mint(hub, { claims }));
    });

  issuer
    .command('serve')
    .description('serve its keys and tokens until Ctrl-C')
    .option(...port)
    .option(...audience)
    .addHelpText('after', example('dev-issuer serve --port 7406'))
    .action(async (options: IssuerOptions, command: Command) => {
      const served = await from(open(command), options);
      const server = await serveIssuer(served, options.port);
      print(`${served.issuer}/.well-known/jwks.json, and POST ${served.issuer}/token?subject=NAME`);
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      await server.stop();
    });
}

async function from(session: Session, { port, audience }: IssuerOptions): Promise<DevIssuer> {
  const { issuer: key } = await stackKeys(session.at.keys, 0);
  const issuer = session.run()?.urls['issuer'] ?? `http://127.0.0.1:${port}`;
  return devIssuer({
    issuer,
    audience: audience ?? session.url('registrar'),
    key: key.key,
    streamAudience: session.run()?.urls['nyms'] ?? session.config.settings.nymsUrl ?? issuer,
    clientKeys: (id) => hubKeysIn(session.policyDir, id),
  });
}
